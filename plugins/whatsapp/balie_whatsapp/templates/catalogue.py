"""The templates of the account: all of them, one by name, and new ones handed in."""

from dataclasses import replace

from balie.api import Context, Template, TransientError
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.templates.reading import template_of
from balie_whatsapp.untrusted import identifier, mapping, mappings, one_line, written

_FIELDS = (
    *("id", "name", "language", "category", "status", "components"),
    *("quality_score", "rejected_reason", "parameter_format"),
)
_PAGE = "100"
_MOST_PAGES = 150  # 6,000 templates is the most a verified business may have


def list_templates(ctx: Context, **only: str) -> list[Template]:
    """Return all templates, page by page. Raises as ``GraphClient.read``."""
    client, found, after = GraphClient(ctx), [], ""
    for _ in range(_MOST_PAGES):
        params = {"fields": ",".join(_FIELDS), "limit": _PAGE, **only}
        page = client.read(
            client.of_account("message_templates"), **params, **({"after": after} if after else {})
        )
        found += [template_of(each) for each in mappings(page.get("data"))]
        paging = mapping(page.get("paging"))
        following = written(mapping(paging.get("cursors")).get("after"))
        if not paging.get("next") or not following or following == after:
            return [template for template in found if template.name and template.language]
        after = following
    raise TransientError("the list of templates does not end")


def submit(ctx: Context, template: Template) -> Template:
    """Hand a new template in. Raises as ``GraphClient.write``; Rejected says what is wrong."""
    client = GraphClient(ctx)
    answer = client.write(
        client.of_account("message_templates"),
        {
            "name": template.name,
            "language": template.language,
            "category": template.category,
            "components": template.components,
            **_format(template),
        },
    )
    read = template_of({"components": template.components})
    return replace(
        template,
        id=identifier(answer.get("id")),
        status=one_line(answer.get("status"), 60) or "PENDING",
        category=one_line(answer.get("category"), 60) or template.category,
        text=read.text,
        variables=read.variables,
    )


def _format(template: Template) -> dict[str, str]:
    """Return how its variables are written, where they have names instead of numbers."""
    names = [
        name.rpartition(".")[2]
        for name, _ in template_of({"components": template.components}).variables
        if name.startswith(("body.", "header."))
    ]
    named = any(not name.isdigit() and name not in ("media", "location") for name in names)
    return {"parameter_format": "NAMED"} if named else {}

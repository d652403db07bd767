"""A template filled in: what is sent of it, component by component."""

from collections.abc import Mapping
from typing import Any

import orjson

from balie.api import Context, TemplateUse
from balie_whatsapp.graph.uploads import Uploads
from balie_whatsapp.outbound.refusals import refusal
from balie_whatsapp.templates.catalogue import list_templates
from balie_whatsapp.templates.filling import Filling
from balie_whatsapp.templates.naming import cache_key, language_of
from balie_whatsapp.templates.variables import variables_of

_KEPT_SECONDS = 3600.0


def template_content(ctx: Context, use: TemplateUse, uploads: Uploads) -> dict[str, Any]:
    """Return the content of a template message.

    Raises Rejected where the template, a value, or a file is not there, and as asking Meta does.
    """
    components = _components(ctx, use)
    _check_names(ctx, use, [name for name, _ in variables_of(components)])
    content: dict[str, Any] = {
        "name": use.name,
        "language": {"code": language_of(use.language)},
    }
    filled = Filling(ctx, use, uploads).components(components)
    return {**content, "components": filled} if filled else content


def _components(ctx: Context, use: TemplateUse) -> list[Mapping[str, Any]]:
    """Return the components of a template that can be sent, kept for an hour.

    Only they tell what kind of header and buttons there are to fill in.
    """
    language = language_of(use.language)
    key = cache_key(use.name, language)
    if kept := ctx.kv.get(key):
        found: list[Mapping[str, Any]] = orjson.loads(kept)
        return found
    here = [each for each in list_templates(ctx, name=use.name) if each.name == use.name]
    for template in here:
        if template.language != language:
            continue
        if not template.is_usable:
            raise refusal(ctx, "template_status", name=use.name, status=template.status)
        kept = orjson.dumps(template.components).decode()
        ctx.kv.set(key, kept, seconds=_KEPT_SECONDS)
        return list(template.components)
    known = ", ".join(f"{each.name}/{each.language}" for each in here)
    raise refusal(ctx, "template_missing", name=use.name, language=language, known=known)


def _check_names(ctx: Context, use: TemplateUse, names: list[str]) -> None:
    missing = [name for name in names if not use.values.get(name, "").strip()]
    if missing:
        raise refusal(ctx, "template_values", name=use.name, missing=", ".join(missing))
    unknown = [name for name in use.values if name not in names and "button." not in name]
    if unknown:
        known = ", ".join(names) or "-"
        raise refusal(
            ctx, "template_unknown", name=use.name, unknown=", ".join(unknown), known=known
        )

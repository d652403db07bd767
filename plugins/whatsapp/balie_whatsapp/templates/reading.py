"""A template of Meta's as people see it: pure, and for whatever stands in the JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from balie.api import Template
from balie_whatsapp.templates.naming import language_of
from balie_whatsapp.templates.variables import kind_of, variables_of, with_names
from balie_whatsapp.untrusted import identifier, mapping, mappings, one_line


def template_of(found: Mapping[str, Any]) -> Template:
    """Return a template from Meta's JSON of it."""
    components = mappings(found.get("components"))
    return Template(
        id=identifier(found.get("id")),
        name=one_line(found.get("name"), 512),
        language=language_of(one_line(found.get("language"), 20)),
        category=one_line(found.get("category"), 60),
        status=one_line(found.get("status"), 60),
        text=text_of(components),
        variables=tuple(variables_of(components)),
        quality=one_line(mapping(found.get("quality_score")).get("score"), 20),
        reason=_reason(found),
        components=components,
    )


def text_of(components: Any, prefix: str = "") -> str:
    """Return how a template reads, a paragraph a component."""
    told = (_told(component, prefix) for component in mappings(components))
    return "\n\n".join(text for text in told if text)


def preview(template: Template, values: Mapping[str, str]) -> str:
    """Return how it reads with these values; what is not given stays as it is named."""
    text = template.text
    for name, _ in template.variables:
        if name in values:
            text = text.replace(f"{{{name}}}", values[name])
    return text


def _told(component: Mapping[str, Any], prefix: str) -> str:
    kind = kind_of(component)
    layout = one_line(component.get("format"), 20).upper()
    if kind == "HEADER" and layout not in ("", "TEXT"):
        name = "location" if layout == "LOCATION" else "media"
        return f"[{layout.lower()}: {{{prefix}header.{name}}}]"
    if kind in ("HEADER", "BODY", "FOOTER"):
        return with_names(component.get("text"), f"{prefix}{kind.lower()}")
    if kind == "BUTTONS":
        return "\n".join(_buttons(component, prefix))
    if kind == "CAROUSEL":
        cards = enumerate(mappings(component.get("cards")))
        return "\n\n".join(
            text_of(card.get("components"), f"{prefix}card.{number}.") for number, card in cards
        )
    return one_line(mapping(component.get("limited_time_offer")).get("text"), 300)


def _buttons(component: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for number, button in enumerate(mappings(component.get("buttons"))):
        label = one_line(button.get("text"), 100) or kind_of(button).lower()
        url = one_line(button.get("url"), 2000)
        where = f"{prefix}button.{number}"
        told = with_names(url, where).replace(f"{{{where}.1}}", f"{{{where}}}") if url else ""
        told = told or one_line(button.get("phone_number"), 40)
        yield f"[{label}] {told}".rstrip()


def _reason(found: Mapping[str, Any]) -> str:
    reason = one_line(found.get("rejected_reason"), 300)
    return "" if reason == "NONE" else reason

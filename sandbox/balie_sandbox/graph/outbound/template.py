"""Reading type ``template``: finding it, checking its parameters, filling it in.

The checks and their codes are those of reference/whatsapp.md 6.4 and 8.7.
"""

import re
from typing import Any

from balie_sandbox.graph.errors import GraphError
from balie_sandbox.graph.media.kinds import KINDS
from balie_sandbox.graph.message_templates.model import Template, filled, variables_of
from balie_sandbox.graph.parameters import Parameters

from .draft import Content, Draft, as_list, as_object, needed
from .media import file_content
from .plain import location_content
from .template_buttons import read_template_buttons
from .template_parameters import mismatch, text_values

MAX_BODY = 1024
NAME_LENGTH = 512


def read_template(draft: Draft) -> Content:
    """Read a template message and return it filled in. Raises 131008, 100 and 132xxx."""
    given = draft.object("template")
    template = usable_template(draft, given)
    components = components_of(given)
    body_text, body_values = template.text_of("BODY"), components.pop("body", {})
    values = text_values(template, variables_of(body_text), body_values, "body")
    body = filled(body_text, values)
    if len(body) > MAX_BODY:
        raise GraphError(132005, details=f"body: text is longer than {MAX_BODY} characters.")
    content: Content = {"name": template.name, "language": template.language, "body": body}
    header = read_header(draft, template, components.pop("header", {}))
    if header is not None:
        content["header"] = header
    if template.text_of("FOOTER"):
        content["footer"] = template.text_of("FOOTER")
    buttons = read_template_buttons(template, components)
    if buttons:
        content["buttons"] = buttons
    draft.category = template.category.lower()
    if draft.category == "authentication" and "to" not in draft.found:
        raise GraphError(131062)
    draft.message_status = "accepted"
    return content


def usable_template(draft: Draft, given: Parameters) -> Template:
    """Find the template in its language. Raises 132001, 132015 and 132016."""
    name = needed(given, "name", "template.name", NAME_LENGTH)
    language = as_object(given.get("language") or {}, "template.language")
    code = needed(language, "code", "template.language.code", 100)
    found = next(
        (
            one
            for one in draft.account.templates.values()
            if (one.waba_id, one.name, one.language) == (draft.number.waba_id, name, code)
        ),
        None,
    )
    if found is not None and found.status == "PAUSED":
        raise GraphError(132015)
    if found is not None and found.status == "DISABLED":
        raise GraphError(132016)
    if found is None or found.status != "APPROVED":
        raise GraphError(132001, details=f"template name ({name}) does not exist in {code}")
    return found


def components_of(given: Parameters) -> dict[str, Any]:
    """Return header and body by name, and buttons by ("button", index)."""
    found: dict[str, Any] = {}
    for entry in as_list(given.get("components") or [], "template.components"):
        component = as_object(entry, "template.components")
        type_ = str(component.get("type", "")).lower()
        as_list(component.get("parameters") or [], "template.components.parameters")
        if type_ == "button":
            index = str(component.get("index", ""))
            if not re.fullmatch(r"\d", index):
                raise mismatch("button: index must be a number from 0 to 9")
            found[f"button {index}"] = component
        else:
            found[type_] = component
    return found


def read_header(draft: Draft, template: Template, given: Parameters) -> Content | None:
    """Return the header as the phone shows it."""
    defined = template.component("HEADER")
    parameters = [as_object(one, "parameters") for one in given.get("parameters") or []]
    if defined is None:
        if parameters:
            raise count_error("header", len(parameters), 0)
        return None
    format_ = str(defined.get("format", "TEXT")).lower()
    if format_ == "text":
        text = str(defined.get("text", ""))
        values = text_values(template, variables_of(text), given, "header")
        return {"type": "text", "text": filled(text, values)}
    if len(parameters) != 1:
        raise count_error("header", len(parameters), 1)
    [parameter] = parameters
    if parameter.get("type") != format_:
        raise mismatch(
            f"header: Format mismatch, expected {format_.upper()}, "
            f"received {str(parameter.get('type', 'UNKNOWN')).upper()}"
        )
    value = as_object(parameter.get(format_) or {}, f"header.{format_}")
    if format_ == "location":
        return {"type": "location", "location": location_content(value)}
    path = f"template.header.{format_}"
    return {"type": format_, format_: file_content(draft, value, KINDS[format_], path)}


def count_error(where: str, given: int, wanted: int) -> GraphError:
    """Return code 132000 in Meta's words."""
    return GraphError(
        132000,
        details=f"{where}: number of localizable_params ({given}) does not match the expected "
        f"number of params ({wanted})",
    )

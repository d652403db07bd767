"""The values for a text's variables, checked as Meta checks them."""

import re

from balie_sandbox.graph.errors import GraphError
from balie_sandbox.graph.message_templates.model import Template
from balie_sandbox.graph.parameters import Parameters

from .draft import as_list, as_object

#: What a value may not hold.
FORBIDDEN = re.compile(r"[\n\t]| {5,}")
TEXT_TYPES = ("text", "currency", "date_time")


def mismatch(details: str) -> GraphError:
    """Return code 132012."""
    return GraphError(132012, details=details)


def text_values(
    template: Template, variables: list[str], given: Parameters, where: str
) -> dict[str, str]:
    """Return a value for each variable, by its name or number. Raises 132000, 132012, 132018."""
    parameters = [
        as_object(one, "parameters")
        for one in as_list(given.get("parameters") or [], f"{where}.parameters")
    ]
    if len(parameters) != len(variables):
        raise GraphError(
            132000,
            details=f"{where}: number of localizable_params ({len(parameters)}) does not match "
            f"the expected number of params ({len(variables)})",
        )
    texts = [text_of_parameter(one, where) for one in parameters]
    if template.parameter_format != "NAMED":
        return dict(zip(sorted(variables, key=order_of), texts, strict=True))
    names = [str(one.get("parameter_name") or "") for one in parameters]
    if set(names) != set(variables):
        wrong = ", ".join(sorted(set(names) ^ set(variables)))
        raise mismatch(f"{where}: Parameter name is missing or not in the template: {wrong}")
    return dict(zip(names, texts, strict=True))


def order_of(variable: str) -> int:
    """Return the place of {{1}} among its like."""
    return int(variable) if variable.isdecimal() else 0


def text_of_parameter(parameter: Parameters, where: str) -> str:
    """Return what one parameter shows. Raises 132012 and 132018."""
    type_ = str(parameter.get("type", ""))
    if type_ not in TEXT_TYPES:
        raise mismatch(f"{where}: Format mismatch, expected TEXT, received {type_.upper()}")
    if type_ == "text":
        value = parameter.get("text")
    else:
        value = as_object(parameter.get(type_) or {}, type_).get("fallback_value")
    if value is None or value == "" or isinstance(value, dict | list):
        raise GraphError(
            131008, details=f"{where}: Parameter of type {type_} is missing text value"
        )
    if FORBIDDEN.search(str(value)):
        raise GraphError(
            132018,
            details="Param text cannot have new-line/tab characters or more than 4 consecutive "
            "spaces",
        )
    return str(value)

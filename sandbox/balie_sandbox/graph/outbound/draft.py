"""A message while it is being read, and the checks that its readers share."""

from dataclasses import dataclass, field
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError, invalid_parameter
from balie_sandbox.graph.media.kinds import Kind
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.parameters import Parameters, invalid_value

Content = dict[str, Any]


@dataclass(slots=True)
class Link:
    """A file that Meta has to fetch. ``content`` gets its id once it is here."""

    url: str
    kind: Kind
    content: Content


@dataclass(slots=True)
class Draft:
    """The request, and what its reader found out beside the content."""

    account: GraphAccount
    number: Number
    found: Parameters
    #: Why it will fail after it was accepted: a code of Meta's table, and details.
    failure: tuple[int, str] | None = None
    links: list[Link] = field(default_factory=list)
    #: What it costs as: "service", or a template's category in lower case.
    category: str = "service"
    #: What the answer says of a template besides its id.
    message_status: str | None = None

    def object(self, type_: str) -> Parameters:
        """Return the object named after the type. Raises 131008 and 100."""
        value = self.found.get(type_)
        if value is None:
            raise missing(type_, type_)
        return as_object(value, type_)


def as_object(value: Any, path: str) -> Parameters:
    """Return a JSON object. Raises code 100 when it is something else."""
    if not isinstance(value, dict):
        raise invalid_parameter(f"Param {path} must be a JSON object.")
    return value


def as_list(value: Any, path: str) -> list[Any]:
    """Return a JSON array. Raises code 100 when it is something else."""
    if not isinstance(value, list):
        raise invalid_parameter(f"Param {path} must be an array.")
    return value


def missing(path: str, type_: str) -> GraphError:
    """Return code 131008 for a part that this type cannot do without."""
    return GraphError(131008, details=f"Parameter '{path}' is mandatory for type '{type_}'.")


def text_at(
    holder: Parameters, key: str, path: str, longest: int, *, required: bool = True
) -> str | None:
    """Return a text of 1 to ``longest`` characters. Raises 131008, 100 and 131009."""
    value = holder.get(key)
    if value is None or value == "":
        if required:
            raise GraphError(131008, details=f"Parameter '{path}' is mandatory.")
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise invalid_parameter(f"Param {path} must be a string.")
    text = str(value)
    if len(text) > longest:
        raise invalid_value(f"{path} length invalid. Min length: 1, Max length: {longest}")
    return text


def needed(holder: Parameters, key: str, path: str, longest: int) -> str:
    """Return a text that has to be there. Raises 131008, 100 and 131009."""
    return text_at(holder, key, path, longest) or ""


def checked_count(things: list[Any], path: str, least: int, most: int) -> None:
    """Raise 131009 unless there are ``least`` to ``most`` of them."""
    if not least <= len(things) <= most:
        raise invalid_value(f"{path} count invalid. Min count: {least}, Max count: {most}")

"""What a plugin says of itself."""

from dataclasses import dataclass
from enum import StrEnum

from balie.api.fields import ConfigSchema

API_VERSION = 1
"""The version of this package's contract. A plugin names the one it was written for."""


class Kind(StrEnum):
    """Whom a plugin faces."""

    CHANNEL = "channel"  # customers
    HELPDESK = "helpdesk"  # agents
    POLICY = "policy"  # nobody: facts in, actions out


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A plugin's declaration. Every plugin object has one as its attribute ``manifest``.

    ``id`` is lower_snake and names the plugin everywhere; ``config`` is the class of its settings.
    """

    id: str
    name: str
    kind: Kind
    config: type[ConfigSchema]
    api_version: int = API_VERSION

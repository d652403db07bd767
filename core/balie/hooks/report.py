"""What became of each plugin at the start."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether a plugin is of use."""

    OK = "ok"
    OFF = "off"  # switched off by name
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginReport:
    """One plugin's start.

    ``id`` is the manifest's, or the name it was found under where no manifest could be read.
    ``hooks`` are those it implements, ``milliseconds`` what importing and checking it took.
    """

    id: str
    source: str
    state: State
    reason: str = ""
    hooks: tuple[str, ...] = ()
    milliseconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the plugin is loaded."""
        return self.state is State.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class BootReport:
    """Every plugin that was found, by id."""

    plugins: tuple[PluginReport, ...] = ()

    @property
    def failed(self) -> tuple[PluginReport, ...]:
        """The plugins that are broken."""
        return tuple(plugin for plugin in self.plugins if plugin.state is State.FAILED)

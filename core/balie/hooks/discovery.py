"""Finding plugins: by entry point, and in a folder. Nothing found here is trusted yet."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from balie.api.errors import described
from balie.hooks.folder import import_plugin, plugin_paths

GROUP = "balie.plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plugin object as it was imported, with where from and in how many milliseconds."""

    name: str
    source: str
    plugin: object
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """A name that led to no plugin object. ``off`` says that this was asked for."""

    name: str
    source: str
    reason: str
    milliseconds: float = 0.0
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """All that was found, in order; ``without`` also switches off by manifest id."""

    found: tuple[Found, ...] = ()
    failures: tuple[NotFound, ...] = ()
    without: frozenset[str] = frozenset()


def discover(*, plugins_dir: Path | None = None, without: Collection[str] = ()) -> Discovery:
    """Import every plugin that is installed or lies in ``plugins_dir``.

    Names in ``without`` are not even imported. A plugin that cannot be imported becomes a
    failure with its reason and stops nothing.
    """
    off = frozenset(without)
    results = [_load(name, source, load, off) for name, source, load in _candidates(plugins_dir)]
    return Discovery(
        found=tuple(result for result in results if isinstance(result, Found)),
        failures=tuple(result for result in results if isinstance(result, NotFound)),
        without=off,
    )


def given(*plugins: object) -> Discovery:
    """Return these plugin objects as if they had been found; for tests and the plugin kit."""
    return Discovery(
        found=tuple(
            Found(
                name=getattr(plugin, "__name__", type(plugin).__name__),
                source="given",
                plugin=plugin,
            )
            for plugin in plugins
        )
    )


Candidate = tuple[str, str, Callable[[], object]]


def _candidates(plugins_dir: Path | None) -> Iterator[Candidate]:
    # Entry points come in the order of sys.path, which differs between machines: sort.
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        yield entry.name, f"entry point {entry.value}", entry.load
    if plugins_dir is None:
        return
    try:
        paths = plugin_paths(plugins_dir)
    except OSError as error:
        yield str(plugins_dir), "plugins folder", _raiser(error)
        return
    for path in paths:
        yield path.stem, f"file {path}", _importer(path)


def _importer(path: Path) -> Callable[[], object]:
    return lambda: import_plugin(path)


def _raiser(error: OSError) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


def _load(
    name: str, source: str, load: Callable[[], object], off: frozenset[str]
) -> Found | NotFound:
    if name in off:
        return NotFound(name=name, source=source, reason="is switched off", off=True)
    start = time.perf_counter()
    try:
        plugin = load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # foreign code: whatever it raises is reported, not ours to die of
        reason = f"could not be imported: {described(error)}"
        return NotFound(name=name, source=source, reason=reason, milliseconds=_since(start))
    return Found(name=name, source=source, plugin=plugin, milliseconds=_since(start))


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000

"""Plugins in a folder: a file or a package that defines ``plugin``, installed nowhere."""

import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def plugin_paths(folder: Path) -> list[Path]:
    """Return the modules and packages in ``folder``, by name.

    Names that begin with an underscore or a dot are helpers and left alone. Raises OSError where
    there is no such folder.
    """
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(("_", "."))
        and (path.suffix == ".py" or (path / "__init__.py").is_file())
    )


def import_plugin(path: Path) -> object:
    """Import a module or package by its path and return its ``plugin``.

    It goes by its own name, so that a package may import its parts absolutely. Raises ImportError
    where that name is taken or no ``plugin`` is defined, and whatever the module itself raises.
    """
    spec, loader = _spec(path)
    _forget(spec.name)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        _forget(spec.name)
        raise
    if not hasattr(module, "plugin"):
        _forget(spec.name)
        raise ImportError(
            "it defines no `plugin`; write `plugin = YourPlugin()`, or begin the name of a mere "
            "helper with an underscore"
        )
    return module.plugin


def _spec(path: Path) -> tuple[ModuleSpec, Loader]:
    name, entry = path.stem, path / "__init__.py" if path.is_dir() else path
    taken = _owner(name)
    if taken is not None and Path(taken).resolve() != entry.resolve():
        raise ImportError(f"the name {name} is taken by {taken}; give {path.name} another name")
    parts = [str(path)] if path.is_dir() else None
    spec = spec_from_file_location(name, entry, submodule_search_locations=parts)
    if spec is None or spec.loader is None:
        raise ImportError(f"{entry} cannot be imported")
    return spec, spec.loader


def _owner(name: str) -> str | None:
    """Return what already goes by this name, other than what an earlier folder left behind."""
    if name in sys.stdlib_module_names:
        return f"Python's own {name}"
    installed = PathFinder.find_spec(name)
    return None if installed is None else installed.origin  # a bare folder has none, and yields


def _forget(name: str) -> None:
    for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[module]

"""What balie.api offers is a promise to plugins: all of it is exported, and all is documented."""

import ast
import inspect
from pathlib import Path

import pytest

import balie.api
from balie.api import hookspecs

FOLDER = Path(balie.api.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")

# Public to the core, and no business of a plugin's.
CORE_ONLY = {"PROJECT", "hookspec", "described", "hosts", "masked"}
HOOKS = {
    name for name, value in vars(hookspecs).items() if hasattr(value, f"{hookspecs.PROJECT}_spec")
}


def defined(module: str) -> dict[str, ast.stmt]:
    """Return what a module itself defines at its top: classes, functions, and names it binds."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse((FOLDER / f"{module}.py").read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return {name: node for name, node in found.items() if not name.startswith("_")}


def test_all_is_exactly_what_is_meant_for_plugins():
    everything = {name for module in MODULES for name in defined(module)}

    assert set(balie.api.__all__) == everything - CORE_ONLY - HOOKS
    assert everything >= CORE_ONLY | HOOKS


def test_all_is_sorted_and_names_what_is_there():
    # Constants first, as ruff puts them.
    in_order = sorted(set(balie.api.__all__), key=lambda name: (not name.isupper(), name))
    assert balie.api.__all__ == in_order
    assert [name for name in balie.api.__all__ if not hasattr(balie.api, name)] == []


@pytest.mark.parametrize("module", MODULES)
def test_everything_public_is_documented(module):
    bare = [
        f"{name}.{part.name}" if part is not node else name
        for name, node in defined(module).items()
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        for part in [
            node,
            *(n for n in getattr(node, "body", []) if isinstance(n, ast.FunctionDef)),
        ]
        if not part.name.startswith("_") and not ast.get_docstring(part)
    ]

    assert bare == []
    assert ast.get_docstring(ast.parse((FOLDER / f"{module}.py").read_text()))


def test_every_exported_class_and_function_has_a_docstring_of_its_own():
    exported = [getattr(balie.api, name) for name in balie.api.__all__]
    kinds = [value for value in exported if inspect.isclass(value) or inspect.isfunction(value)]

    assert [kind.__name__ for kind in kinds if not kind.__dict__.get("__doc__", kind.__doc__)] == []
    assert [
        kind.__name__ for kind in kinds if (kind.__doc__ or "").startswith(f"{kind.__name__}(")
    ] == []


def test_everything_public_is_annotated():
    functions = [
        value for name in balie.api.__all__ if inspect.isfunction(value := getattr(balie.api, name))
    ]

    for function in functions:
        due = {*inspect.signature(function).parameters, "return"}
        assert set(inspect.get_annotations(function)) == due

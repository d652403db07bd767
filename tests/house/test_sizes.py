"""A house to live in: no module grows past what a newcomer can hold in mind."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("core", "plugins", "sandbox")
    for path in (ROOT / folder).rglob("*.py")
    if path.parent.name != "versions"  # a migration is one long list
]
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
USUAL_FILE = 150
USUAL_FUNCTION = 30


def lengths():
    for path in SOURCES:
        text = path.read_text()
        functions = [
            node.end_lineno - node.lineno + 1
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)
        ]
        yield path.relative_to(ROOT).as_posix(), len(text.splitlines()), functions


def test_no_file_and_no_function_is_too_long():
    too_long = [
        name
        for name, lines, functions in lengths()
        if lines > LONGEST_FILE or max(functions, default=0) > LONGEST_FUNCTION
    ]

    assert too_long == []


def test_most_files_and_functions_are_short():
    files = [lines for _, lines, _ in lengths()]
    functions = [length for _, _, all_of_file in lengths() for length in all_of_file]

    assert sum(lines <= USUAL_FILE for lines in files) >= 0.8 * len(files)
    assert sum(length <= USUAL_FUNCTION for length in functions) >= 0.95 * len(functions)

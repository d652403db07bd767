"""The documents say what is there."""

import re
from pathlib import Path

import pytest

from balie.api import MessageReceived, ReplyOnce, Text
from balie.hooks import Registry, discover
from balie.hooks.specs import SPECS
from balie.run import settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/*/README.md")]


def links(page):
    return re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text())


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    missing = [link for link in links(document) if not (document.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_and_benches_that_are_named_are_there(document):
    named = re.findall(r"`((?:tests|benchmarks)/[^`*]*)`", document.read_text())

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_hook_is_documented_with_its_arguments():
    page = (ROOT / "docs/plugins.md").read_text()

    documented = set(re.findall(r"^\| `(\w+\((?:ctx|site).*?\))` \|", page, re.MULTILINE))

    assert documented == {f"{name}({', '.join(spec.parameters)})" for name, spec in SPECS.items()}


def test_every_setting_is_documented():
    read = set(re.findall(r'"(BALIE_\w+)"', Path(settings.__file__).read_text()))
    page = (ROOT / "docs/operating.md").read_text()

    undocumented = {name for name in read if f"`{name}`" not in page}

    assert undocumented == {"BALIE_DEMO_DESK"}  # of the demo alone


def test_the_example_plugin_works_as_it_stands(tmp_path, plain_context):
    page = (ROOT / "docs/plugins.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "welcome.py").write_text(example)

    registry = Registry(discover(plugins_dir=tmp_path))
    plugin = registry.get("welcome").object

    said = MessageReceived(
        id="1", sender=(), at=plain_context.clock.now(), parts=(Text(text="hoi"),)
    )
    assert plugin.message_received(plain_context, said) == [
        ReplyOnce(key="hello", text="Welkom bij De Winkel!")
    ]

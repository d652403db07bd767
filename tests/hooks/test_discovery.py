import sys
from textwrap import dedent

import pytest

from balie.hooks import Registry, State, discover

POLICY = """
    from balie.api import ConfigSchema, Kind, Manifest, hookimpl

    class Policy:
        manifest = Manifest(id="{id}", name="A policy", kind=Kind.POLICY, config=ConfigSchema)

        @hookimpl
        def message_received(self, ctx, event):
            return []

    plugin = Policy()
"""


def policy(plugin_id: str) -> str:
    return dedent(POLICY.format(id=plugin_id))


def states(report, *names: str) -> dict[str, State]:
    return {plugin.id: plugin.state for plugin in report.plugins if plugin.id in names}


def reason(report, name: str) -> str:
    return next(plugin.reason for plugin in report.plugins if plugin.id == name)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "plugins"
    made.mkdir()
    yield made
    for name, module in list(sys.modules.items()):
        if str(tmp_path) in str(getattr(module, "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Lay out a distribution with these entry points and modules, as pip would."""

    def install(entries: dict[str, str], modules: dict[str, str]) -> None:
        site = tmp_path / "site"
        info = site / "parrots-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrots\nVersion: 1.0\n")
        lines = [f"{name} = {value}" for name, value in entries.items()]
        (info / "entry_points.txt").write_text("\n".join(["[balie.plugins]", *lines]))
        for name, source in modules.items():
            (site / f"{name}.py").write_text(source)
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(str(site))

    return install


def test_entry_point_is_found_and_reported(installed):
    installed({"parrot": "parrot_plugin:plugin"}, {"parrot_plugin": policy("parrot")})

    registry = Registry(discover())

    report = next(plugin for plugin in registry.report.plugins if plugin.id == "parrot")
    assert report.ok
    assert report.source == "entry point parrot_plugin:plugin"
    assert report.hooks == ("message_received",)
    assert report.milliseconds > 0
    assert registry.get("parrot").object is sys.modules["parrot_plugin"].plugin


def test_entry_points_come_sorted_by_name(installed):
    installed(
        {"zeta": "zeta_plugin:plugin", "alpha": "alpha_plugin:plugin"},
        {"zeta_plugin": policy("zeta"), "alpha_plugin": policy("alpha")},
    )

    names = [found.name for found in discover().found if found.name in ("alpha", "zeta")]

    assert names == ["alpha", "zeta"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("1 / 0", "could not be imported: ZeroDivisionError: division by zero"),
        ("def broken(:", "could not be imported: SyntaxError: "),
        ("import nothing_of_this_name", "could not be imported: ModuleNotFoundError: "),
        ("raise SystemExit(3)", "could not be imported: SystemExit: 3"),
        (
            "class E(Exception):\n def __str__(self): 1 / 0\nraise E",
            "could not be imported: E (its",
        ),
        ("answer = 42", "could not be imported: ImportError: it defines no `plugin`; write"),
    ],
    ids=["raises", "syntax", "import", "exit", "unprintable", "no plugin"],
)
def test_broken_file_is_reported_and_stops_nothing(folder, source, why):
    (folder / "broken.py").write_text(source)
    (folder / "sound.py").write_text(policy("sound"))

    registry = Registry(discover(plugins_dir=folder))

    assert states(registry.report, "broken", "sound") == {
        "broken": State.FAILED,
        "sound": State.OK,
    }
    assert reason(registry.report, "broken").startswith(why)
    assert "sound" in registry.plugins
    assert "broken" not in sys.modules


def test_broken_entry_point_is_reported_and_stops_nothing(installed):
    installed(
        {"gone": "parrot_gone:plugin", "parrot": "parrot_plugin:plugin"},
        {"parrot_plugin": policy("parrot")},
    )

    registry = Registry(discover())

    assert reason(registry.report, "gone") == (
        "could not be imported: ModuleNotFoundError: No module named 'parrot_gone'"
    )
    assert registry.get("parrot").id == "parrot"


def test_package_in_folder_imports_its_parts(folder):
    package = folder / "cockatoo"
    package.mkdir()
    (package / "identity.py").write_text("ID = 'cockatoo'")
    (package / "made.py").write_text(policy("cockatoo"))
    (package / "__init__.py").write_text(
        "from cockatoo.made import plugin\n"
        "from .identity import ID\n"
        "assert plugin.manifest.id == ID\n"
    )

    registry = Registry(discover(plugins_dir=folder))

    assert registry.get("cockatoo").source == f"file {package}"


def test_file_changed_on_disk_is_read_anew(folder):
    file = folder / "sound.py"
    file.write_text(policy("first"))
    Registry(discover(plugins_dir=folder))
    file.write_text(policy("the_second"))

    registry = Registry(discover(plugins_dir=folder))

    assert "the_second" in registry.plugins
    assert "first" not in registry.plugins


def test_package_of_the_same_name_in_another_folder_is_read_anew(folder, tmp_path):
    other = tmp_path / "other"
    for place, plugin_id in ((folder, "first"), (other, "the_second")):
        (place / "cockatoo").mkdir(parents=True)
        (place / "cockatoo" / "made.py").write_text(policy(plugin_id))
        (place / "cockatoo" / "__init__.py").write_text("from cockatoo.made import plugin")
    Registry(discover(plugins_dir=folder))

    registry = Registry(discover(plugins_dir=other))

    assert "the_second" in registry.plugins
    assert "first" not in registry.plugins


def test_helpers_and_other_files_are_left_alone(folder):
    (folder / "_shared.py").write_text("raise SystemExit")
    (folder / ".hidden.py").write_text("raise SystemExit")
    (folder / "notes.txt").write_text("not Python")
    (folder / "fixtures").mkdir()

    found = discover(plugins_dir=folder)

    assert [item for item in (*found.found, *found.failures) if str(folder) in item.source] == []


@pytest.mark.parametrize("name", ["json", "time", "requests"])
def test_file_with_a_taken_name_is_refused(folder, name):
    taken = sys.modules[name]
    (folder / f"{name}.py").write_text(policy("taken"))

    registry = Registry(discover(plugins_dir=folder))

    assert "is taken by" in reason(registry.report, name)
    assert sys.modules[name] is taken


def test_file_may_have_the_name_of_a_bare_folder_on_the_path(folder, tmp_path, monkeypatch):
    (tmp_path / "elsewhere" / "parrot").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    (folder / "parrot.py").write_text(policy("parrot"))

    assert "parrot" in Registry(discover(plugins_dir=folder)).plugins


def test_missing_folder_is_reported(tmp_path):
    nowhere = tmp_path / "nowhere"

    failed = [
        failure for failure in discover(plugins_dir=nowhere).failures if "folder" in failure.source
    ]

    assert [failure.name for failure in failed] == [str(nowhere)]
    assert failed[0].reason.startswith("could not be imported: FileNotFoundError: ")


def test_without_by_file_name_does_not_even_import(folder):
    (folder / "loud.py").write_text("raise SystemExit")

    registry = Registry(discover(plugins_dir=folder, without={"loud"}))

    assert states(registry.report, "loud") == {"loud": State.OFF}
    assert reason(registry.report, "loud") == "is switched off"


def test_without_by_manifest_id_leaves_it_out(folder):
    (folder / "file.py").write_text(policy("parrot"))

    registry = Registry(discover(plugins_dir=folder, without={"parrot"}))

    assert states(registry.report, "parrot") == {"parrot": State.OFF}
    assert "parrot" not in registry.plugins


def test_without_of_no_known_name_is_said():
    registry = Registry(discover(without={"parot"}))

    assert reason(registry.report, "parot") == (
        "is switched off, yet no plugin of this name was found"
    )

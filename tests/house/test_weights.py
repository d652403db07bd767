"""The widget stays light, and what grows too heavy is noticed."""

import random

import pytest

from . import weights


def heavy(size):
    """Return words that do not compress."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return f'const heavy = "{"".join(random.Random(1).choices(letters, k=size))}";'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "loader.js").write_text("const settings = /*settings*/{};")
    (tmp_path / "app.html").write_text('<!doctype html><script src="assets/app.js"></script>')
    (tmp_path / "app.js").write_text('import "./view/panel.js";')
    (tmp_path / "view").mkdir()
    (tmp_path / "view" / "panel.js").write_text('import("./later.js");')
    (tmp_path / "view" / "later.js").write_text("1;")
    return tmp_path


def test_widget_is_light_enough():
    assert [one.name for one in weights.weigh() if not one.is_right] == []


@pytest.mark.parametrize("path", ["app.js", "view/panel.js", "view/later.js"])
def test_app_that_is_too_heavy_is_noticed_wherever_it_is(folder, path):
    assert all(one.is_right for one in weights.weigh(folder))
    file = folder / path
    file.write_text(f"{file.read_text()}\n{heavy(2 * weights.APP_MOST)}")

    assert [one.is_right for one in weights.weigh(folder)] == [True, False]


def test_loader_that_is_too_heavy_is_noticed(folder):
    (folder / "loader.js").write_text(heavy(2 * weights.LOADER_MOST))

    assert [one.is_right for one in weights.weigh(folder)] == [False, True]


def test_widget_that_is_not_there_is_noticed(tmp_path):
    assert [one.is_right for one in weights.weigh(tmp_path)] == [False, False]


def test_check_fails_and_says_what_is_too_heavy(monkeypatch, capsys):
    monkeypatch.setattr(weights, "LOADER_MOST", 1)

    assert weights.main() == 1
    assert "TOO HEAVY" in capsys.readouterr().out.splitlines()[0]

"""The widget's files: the loader with what the launcher shows, and what pages pull in."""

import gzip
import json
import re

import orjson
import pytest
from marshmallow import ValidationError
from sqlalchemy import event

from balie.api import TransientError
from balie.tenants.models import State
from balie.web.app import create_app
from balie_livechat.availability.offer import look
from balie_livechat.config import Config
from balie_livechat.web.launching import FRESH_SECONDS, Launches, written
from balie_livechat.web.shelf import Shelf

from .on_sqlite import database_url  # noqa: F401 -- a fixture
from .visiting import BASE, SHOP

LOADER = "(() => { const settings = /*settings*/{}; draw(settings); })();"
PAGE = '<!doctype html><link rel="stylesheet" href="assets/app.css"><script src="./assets/app.js">'
FILES = {
    "loader.js": LOADER,
    "app.html": PAGE,
    "preview.html": '<!doctype html><script type="module" src="assets/preview.js"></script>',
    "app.css": "p { color: red }",
    "app.js": 'import { a } from "./engine/talk.js";\nimport "./view/panel.js";\n' + "a();\n" * 99,
    "engine/talk.js": 'export {\n  a,\n} from "./api.js"; import("../view/emoji.js")',
    "engine/api.js": 'import{b}from"../view/panel.js";\nexport const a = b;',
    "view/panel.js": 'const from = "./no";\nexport const b = new URL("../x.svg", import.meta.url)',
    "view/emoji.js": "export const c = 1;",
    "x.svg": "<svg/>",
    "engine/secret.py": "SECRET = 1",
    "engine/.hidden.js": "",
}


@pytest.fixture
def folder(tmp_path):
    for path, text in FILES.items():
        file = tmp_path / "static" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "outside.js").write_text("outside")
    return tmp_path


@pytest.fixture
def app(folder, monkeypatch, paper, settle):
    """Balie with a small widget."""
    monkeypatch.setattr("balie_livechat.web.shelf.resources.files", lambda _: folder)
    return create_app(paper.services)


@pytest.fixture
def statements(paper):
    """What the database is asked, while it is."""
    engine, found = paper.services.store.engine, []

    def note(*told):
        found.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def settings_in(loader: str) -> dict:
    return json.loads(re.search(r"settings = (.*?); draw", loader, re.DOTALL)[1])


def test_loader_holds_what_the_launcher_shows_and_nothing_secret(visit, settle):
    texts = {
        "launcher": {"nl": "Vraag het ons", "en": "Ask us"},
        "launcher_x": "x",
        "greeting": "y",
    }
    settle(
        theme='{"colour": "#00aa55", "position": "left"}',
        texts=json.dumps(texts),
        tone="je",
        opening_hours="mon 9-10",
        closed_on="2026-01-01",
        identity_secret="identity-secret-of-these-tests-only",
    )
    told = visit().ask("GET", "loader.js")
    found = settings_in(told.text)

    assert found == {
        "base": BASE,
        "name": "De Winkel",
        "locale": "nl",
        "tone": "je",
        "theme": {"colour": "#00aa55", "position": "left"},
        "texts": {
            "nl": {"launcher": "Vraag het ons", "launcher_x": "x"},
            "en": {"launcher": "Ask us", "launcher_x": "x"},
        },
        "availability": "closed",
        "closes_at": None,
        "opens_at": found["opens_at"],
    }
    assert told.content_type == "text/javascript; charset=utf-8"
    assert told.headers["Cache-Control"] == "public, max-age=60"
    assert told.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in told.headers
    assert "identity-secret" not in told.text


@pytest.mark.parametrize(
    "words",
    [
        "</script><script>alert(1)</script>",
        "a\u2028b\u2029c",
        "\\\"'`${x}",
        "<!--",
        "*/ {} /*",
        "é😀",
    ],
    ids=range(6),
)
def test_a8_texts_of_the_tenant_stay_words_in_the_loader(visit, settle, words):
    settle(texts=orjson.dumps({"launcher": words}).decode())
    told = visit().ask("GET", "loader.js").text

    assert settings_in(told)["texts"]["nl"] == {"launcher": words}
    assert not re.search(
        "[<>&\u2028\u2029]", told.partition("settings = ")[2].partition("; draw")[0]
    )


def test_long_words_are_left_out_of_the_loader(visit, settle):
    settle(texts=json.dumps({"launcher": "x" * 201, "launcher_b": "b"}))

    assert settings_in(visit().ask("GET", "loader.js").text)["texts"]["en"] == {"launcher_b": "b"}


def test_page_views_ask_the_database_nothing(visit, statements):
    visit().ask("GET", "loader.js")
    asked = len(statements)
    told = {visit().ask("GET", "loader.js").status_code for _ in range(200)}

    assert asked > 0
    assert told == {200}
    assert len(statements) == asked


def test_changed_settings_are_seen_in_the_loader_within_seconds(app, paper, settle):
    ctx = paper.services.contexts.find("winkel", "site").ctx
    now = [0.0]
    find = paper.services.contexts.find
    launches = Launches(Shelf(), lambda *at: find(*at).ctx, look, lambda: now[0])
    first = launches.loader(ctx)
    settle(tone="je")
    soon = launches.loader(ctx)
    now[0] = FRESH_SECONDS
    late = launches.loader(ctx)
    now[0] = 2 * FRESH_SECONDS
    same = launches.loader(ctx)

    assert soon is first
    assert settings_in(late.data.decode())["tone"] == "je"
    assert same is late  # and not compressed again


def test_loader_is_served_while_the_store_is_away(app, paper):
    ctx = paper.services.contexts.find("winkel", "site").ctx
    now, is_away = [0.0], []

    def find(*_):
        if is_away:
            raise TransientError("away")
        return ctx

    launches = Launches(Shelf(), find, look, lambda: now[0])
    first = launches.loader(ctx)
    is_away.append(True)
    now[0] = 10 * FRESH_SECONDS

    assert launches.loader(ctx) is first


def test_loader_of_a_connection_that_is_off_is_none(visit, paper, monkeypatch):
    assert visit().ask("GET", "loader.js").status_code == 200
    row = paper.services.directory.connection("winkel", "site")
    paper.services.directory.set_state(row.id, State.OFF)
    monkeypatch.setattr("balie_livechat.web.launching.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("balie.tenants.contexts.FRESH_SECONDS", 0.0)

    assert visit().ask("GET", "loader.js").status_code == 404


def test_a15_loader_is_no_script_of_a_foreign_site_that_names_itself(visit):
    assert visit(origin="https://evil.example").ask("GET", "loader.js").status_code == 403
    assert visit(origin=SHOP).ask("GET", "loader.js").status_code == 200


def test_a15_page_may_be_framed_by_allowed_sites_only(visit):
    told = visit().ask("GET", "app")
    policy = told.headers["Content-Security-Policy"]

    assert policy.endswith(f"frame-ancestors 'self' {SHOP}")
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in told.headers
    assert told.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "logo",
    ["https://a.nl; script-src *", "http://a.nl/x.png", "javascript:alert(1)", "https://a.nl/ b"],
    ids=range(4),
)
def test_logo_is_an_address_and_no_more(logo):
    with pytest.raises(ValidationError):
        Config().load({"theme": json.dumps({"logo": logo})})

    assert Config().load({"theme": '{"logo": "https://a.nl:8443/x.png?y=1"}'})


# --- Files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(set(FILES) - {"engine/secret.py", "engine/.hidden.js"}))
def test_files_are_served_from_folders_too(visit, path):
    assert visit().ask("GET", f"assets/{path}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../outside.js",
        "..%2foutside.js",
        "engine/../../outside.js",
        "engine/..%2f..%2foutside.js",
        "%2e%2e/outside.js",
        "~0123456789ab/../outside.js",
        "/etc/passwd",
        "engine//talk.js",
        "engine/./talk.js",
        "engine\\talk.js",
        "engine",
        "engine/",
        "engine/secret.py",
        "engine/.hidden.js",
        "engine/talk.js%00.svg",
        "",
    ],
    ids=range(16),
)
def test_a10_path_leads_nowhere_else(visit, path):
    assert visit().ask("GET", f"assets/{path}").status_code in (404, 308)


def test_files_of_this_version_are_kept_for_a_year(visit, folder):
    page = visit().ask("GET", "app")
    version = Shelf().version
    this = visit().ask("GET", f"assets/~{version}/app.js")
    other = visit().ask("GET", "assets/~0123456789ab/app.js")

    assert f'href="assets/~{version}/app.html.css"' in page.text
    assert f'src="assets/~{version}/app.js"' in page.text
    assert this.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert other.headers["Cache-Control"] == "public, max-age=300"
    (folder / "static" / "engine" / "api.js").write_text("changed")
    assert Shelf().version != version


def test_page_names_all_scripts_that_it_begins_with(visit):
    told = visit().ask("GET", "app").headers.getlist("Link")
    version = Shelf().version
    expected = ["app.js", "engine/talk.js", "view/panel.js", "engine/api.js"]

    assert told == [f"<assets/~{version}/{path}>; rel=modulepreload" for path in expected]
    assert Shelf().needs("app.html") == (
        "app.html.css",
        "app.js",
        "engine/talk.js",
        "view/panel.js",
        "engine/api.js",
        "view/emoji.js",
        "x.svg",
    )


def test_modules_that_can_be_are_sent_as_one_script_and_styles_as_one(visit, folder):
    (folder / "static" / "app.html").write_text(
        '<link rel="stylesheet" href="assets/app.css">\n'
        '<link rel="stylesheet" href="assets/more.css">\n'
        '<script type="module" src="assets/app.js"></script>\n'
    )
    (folder / "static" / "more.css").write_text("/* b */\nb {\n  color: blue;\n}\n")
    (folder / "static" / "app.js").write_text('import { c } from "./view/emoji.js";\nc();\n')
    page = visit().ask("GET", "app")
    version = Shelf().version
    script = visit().ask("GET", f"assets/~{version}/app.html.js")
    style = visit().ask("GET", f"assets/~{version}/app.html.css")

    assert page.text == (
        f'<link rel="stylesheet" href="assets/~{version}/app.html.css">\n'
        f'<script type="module" src="assets/~{version}/app.html.js"></script>\n'
    )
    assert "m_view_emoji.c = c" in script.text
    assert style.text == "p { color: red }\nb {\ncolor: blue;\n}\n"
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page.headers.getlist("Link") == [f"<assets/~{version}/app.html.js>; rel=modulepreload"]


def test_file_is_compressed_for_who_can_read_that(visit):
    plain = visit().ask("GET", "assets/app.js")
    packed = visit().ask("GET", "assets/app.js", Accept_Encoding="br, gzip")
    refused = visit().ask("GET", "assets/app.js", Accept_Encoding="gzip;q=0")
    small = visit().ask("GET", "assets/x.svg", Accept_Encoding="gzip")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in refused.headers
    assert "Content-Encoding" not in small.headers  # it would be larger
    assert "Accept-Encoding" in plain.headers.getlist("Vary")
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_file_that_is_known_is_not_sent_again(visit):
    known = visit().ask("GET", "assets/app.js", Accept_Encoding="gzip")
    again = visit().ask(
        "GET", "assets/app.js", Accept_Encoding="gzip", If_None_Match=known.headers["ETag"]
    )

    assert (again.status_code, again.data) == (304, b"")


def test_without_a_loader_there_is_none(visit, folder):
    (folder / "static" / "loader.js").unlink()

    assert visit().ask("GET", "loader.js").status_code == 404


def test_facts_are_written_so_that_any_script_may_hold_them():
    assert written({"a": "</\u2028&"}) == b'{"a":"\\u003c/\\u2028\\u0026"}'

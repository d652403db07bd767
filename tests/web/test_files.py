"""Files by link: whole or in part, for as long as the link says, and nothing else by it."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from tests.ledger.paper import HandClock

from balie.run.services import Services
from balie.run.settings import Settings
from balie.web.app import create_app

PAGE = b"<html><script>alert(1)</script></html>"
MEGABYTE = 1024 * 1024


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def services(migrated_sqlite, tmp_path, clock):
    settings = Settings(
        database_url=f"sqlite:///{migrated_sqlite}",
        media_url=f"file://{tmp_path}/media",
        secret_keys=(Fernet.generate_key().decode(),),
        file_url="https://balie.example",
    )
    made = Services(settings, clock=clock)
    yield made
    made.store.close()


@pytest.fixture
def web(services):
    return create_app(services).test_client()


@pytest.fixture
def kept(services):
    """Keep a file and return its key, and the path of its link."""

    def keep(chunks=(PAGE,), name="rekening.html", mime="text/html", tenant=7, days=30.0):
        files = services.files.of_tenant(tenant)
        key = files.keep(iter(chunks), most_bytes=100 * MEGABYTE).key
        url = files.link(key, name=name, type=mime, days=days)
        assert url.startswith("https://balie.example/files/")
        return key, url.removeprefix("https://balie.example")

    return keep


def test_file_is_given_to_be_saved_and_never_to_be_shown(web, kept):
    """A8: a page that somebody sent must not run as ours."""
    _, path = kept()
    answer = web.get(path)

    assert (answer.status_code, answer.data) == (200, PAGE)
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"rekening.html\"; filename*=UTF-8''rekening.html"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_film_of_60_mb_comes_in_pieces_and_whole(web, kept):
    piece = b"\1" * MEGABYTE
    _, path = kept((piece for _ in range(60)), "film.mp4", "video/mp4")
    answer = web.get(path, buffered=False)

    assert answer.content_length == 60 * MEGABYTE
    sizes = [len(one) for one in answer.response]
    assert (sum(sizes), max(sizes)) == (60 * MEGABYTE, 256 * 1024)
    answer.close()


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=2-5", 206, PAGE[2:6]),
        ("bytes=30-", 206, PAGE[30:]),
        ("bytes=-4", 206, PAGE[-4:]),
        ("bytes=900-", 416, None),
    ],
)
def test_part_of_a_file_is_given(web, kept, asked, status, part):
    _, path = kept()
    answer = web.get(path, headers={"Range": asked})

    assert answer.status_code == status
    if part is not None:
        assert answer.data == part


def test_link_ends_in_its_time(web, kept, clock):
    _, path = kept(days=2.0)
    clock.forward(timedelta(days=2).total_seconds() - 1)
    assert web.get(path).status_code == 200
    clock.forward(1)
    assert (web.get(path).status_code, b"expired" in web.get(path).data) == (410, True)


def test_link_ends_with_its_file(web, kept, services):
    key, path = kept()
    services.files.of_tenant(7).delete(key)
    assert web.get(path).status_code == 410


def test_link_that_was_changed_or_made_up_is_nothing(web, kept, services):
    """A7: neither guessed, nor cut, nor made of what else is sealed here."""
    _, path = kept()
    token = path.removeprefix("/files/")
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    sealed = services.directory.box.seal(b'["settings", 7, "t7/2026/03/x", "a", "b", 9999999999]')
    for bad in (
        token[:middle] + other + token[middle + 1 :],
        token[:-10],
        "x",
        "A" * 5000,
        "%00",
        "gAAAAA" + "A" * 200,
        sealed.decode().rstrip("="),
        "ü",
    ):
        assert web.get(f"/files/{bad}").status_code == 404, bad


def test_link_of_one_tenant_never_gives_anothers_file(services, kept):
    """A link is made only for a key of the tenant's own."""
    key, _ = kept(tenant=7)
    with pytest.raises(KeyError):
        services.files.of_tenant(8).link(key, name="x", type="y", days=1)


def test_link_says_nothing_of_whose_file_it_is(kept):
    key, path = kept()
    assert key.rpartition("/")[2] not in path
    assert "rekening" not in path


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ('a"b\r\nSet-Cookie: x=1.pdf', "a_b__Set-Cookie__x_1.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("foto’s \U0001f600.jpg", "foto_s__.jpg"),
        ("", "file"),
    ],
    ids=["header", "path", "emoji", "none"],
)
def test_hostile_name_is_only_a_name(web, kept, name, plain):
    _, path = kept(name=name)
    answer = web.get(path)

    assert f'filename="{plain}"' in answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers


def test_there_is_no_link_where_no_address_was_set(services):
    made = Services(
        Settings(
            database_url=services.settings.database_url,
            media_url=services.settings.media_url,
            secret_keys=services.settings.secret_keys,
        )
    )
    files = made.files.of_tenant(1)
    key = files.keep([b"x"], most_bytes=10).key
    assert (files.gives_links, files.link(key, name="x", type="y", days=1)) == (False, "")
    made.store.close()

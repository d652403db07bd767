"""T13: when nothing can be stored the vendor hears 503 and sends again; never 200."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from tests.e2e.whole import (
    Whole,
    database_of_its_own,
    new_customer,
    running,
    text,
    wait_until,
    webhook,
)

from balie.web.ingress import RETRY_SECONDS


@pytest.fixture(scope="module")
def breakable(tmp_path_factory, postgresql) -> Iterator[Whole]:
    """A Balie on PostgreSQL whose database these tests take away."""
    folder = tmp_path_factory.mktemp("web")
    with database_of_its_own(postgresql) as url, running(folder, database_url=url) as started:
        yield started


@pytest.fixture
def whole_to_break(breakable: Whole) -> Iterator[Whole]:
    """The same, at rest: a lane in which somebody works would open after its lease only."""
    breakable.settle()
    yield breakable
    breakable.settle()


def test_t13_locked_database_is_503_and_nothing_is_lost(whole):
    number = new_customer()
    body = webhook(text(number, "Toch aangekomen"))
    path = whole.stage.settings.database_url.removeprefix("sqlite:///")

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = whole.post(body)
        other.execute("ROLLBACK")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(RETRY_SECONDS))
    assert answer.text == "not stored; send it again\n"
    assert whole.post(body).status_code == 200
    wait_until(lambda: whole.comments(number) == ["Toch aangekomen"])


def test_answer_whose_webhook_was_refused_keeps_its_place(whole):
    """Zendesk sends the first one again when the second one has long come through."""
    number = new_customer()
    whole.write(number, "Is de winkel open?")
    ticket = whole.ticket(number)
    whole.settle()
    path = whole.stage.settings.database_url.removeprefix("sqlite:///")
    before = len(statuses_of_zendesk(whole))

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        whole.answer(ticket, "Ja.")
        wait_until(lambda: 503 in statuses_of_zendesk(whole)[before:])
        other.execute("ROLLBACK")
    whole.answer(ticket, "Tot zes uur.")
    wait_until(lambda: len(whole.shown(number)) == 2)
    whole.settle()

    assert [message["text"] for message in whole.shown(number)] == ["Ja.", "Tot zes uur."]
    seen = statuses_of_zendesk(whole)[before:]
    assert (seen[0], seen[-1]) == (503, 200)


def statuses_of_zendesk(whole: Whole) -> list[int]:
    sent = whole.stage.control("GET", "deliveries?target=zendesk")["deliveries"]
    return [one["status"] for one in sent]


def test_t13_read_only_database_is_503_and_ready_says_so_not(whole_to_break):
    whole = whole_to_break
    number = new_customer()
    body = webhook(text(number, "Toch aangekomen"))

    set_read_only(whole, "on")
    answers = [whole.post(body) for _ in range(3)]
    set_read_only(whole, "off")

    assert {answer.status_code for answer in answers} == {503}
    assert {answer.headers["Retry-After"] for answer in answers} == {str(RETRY_SECONDS)}
    wait_until(lambda: whole.post(body).status_code == 200)
    wait_until(lambda: whole.comments(number) == ["Toch aangekomen"])


def test_t13_database_that_is_away_is_503_and_not_ready(whole_to_break):
    whole = whole_to_break
    number = new_customer()
    body = webhook(text(number, "Na de storing"))
    admin, name = admin_of(whole)

    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        end_connections(connection, name)
        answers = [whole.post(body), whole.post(body, {}, "nobody/nobody")]
        ready = whole.get("/readyz")
        metrics = whole.get("/metrics")
        healthy = whole.get("/healthz")
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    assert [answer.status_code for answer in answers] == [503, 503]
    assert (ready.status_code, ready.json()["ok"]) == (503, False)
    assert ready.json()["checks"]["database"].startswith("the database is not available")
    assert (healthy.status_code, metrics.status_code) == (200, 200)
    wait_until(lambda: whole.post(body).status_code == 200)
    wait_until(lambda: whole.comments(number) == ["Na de storing"])
    wait_until(lambda: whole.get("/readyz").status_code == 200)


def test_connections_that_broke_meanwhile_lose_nothing(whole_to_break):
    whole = whole_to_break
    number = new_customer()
    admin, name = admin_of(whole)

    for turn in range(3):
        whole.settle()
        with psycopg.connect(admin, autocommit=True) as connection:
            end_connections(connection, name)
        body = webhook(text(number, f"Bericht {turn}"))
        # Meta sends again until it hears 200.
        wait_until(lambda body=body: whole.post(body).status_code == 200)

    wait_until(lambda: "Bericht 2" in "\n".join(whole.comments(number)))
    assert whole.settle().difference == 0
    said = "\n".join(whole.comments(number))
    assert [said.count(f"Bericht {turn}") for turn in range(3)] == [1, 1, 1]


def admin_of(whole: Whole) -> tuple[str, str]:
    url = whole.stage.settings.database_url
    name = url.split("?")[0].rsplit("/", 1)[1]
    return url.replace(f"/{name}?", "/postgres?"), name


def end_connections(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
    )


def set_read_only(whole: Whole, value: str) -> None:
    admin, name = admin_of(whole)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")
        end_connections(connection, name)

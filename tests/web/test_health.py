"""Health, metrics, the front page, and what every answer carries."""

import sqlite3
from contextlib import closing

import pytest
import requests
from tests.e2e.whole import new_customer, text, webhook

HARDENING = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/readyz", "/metrics", "/hooks/demo/whatsapp", "/hooks/a/b", "/nothing"],
)
def test_every_answer_is_hardened(whole, path):
    answer = whole.get(path)

    assert {name: answer.headers.get(name) for name in HARDENING} == HARDENING
    assert "Python" not in answer.headers.get("Server", "")
    assert "Set-Cookie" not in answer.headers


def test_unknown_path_tells_nothing_of_the_inside(whole):
    answer = whole.get("/../../etc/passwd?<script>")

    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert "script" not in answer.text


def test_front_page_lets_only_the_demo_desk_in(whole):
    policy = whole.get("/").headers["Content-Security-Policy"]

    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; frame-src {whole.stage.sandbox_url}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_front_page_without_demo_lets_nobody_in(serve):
    answer = requests.get(serve(), timeout=10, headers={"Accept-Language": "nl"})

    assert "Balie draait" in answer.text
    assert "frame-src 'none'" in answer.headers["Content-Security-Policy"]


def test_ready_says_ok_when_all_is_well(each_whole):
    answer = each_whole.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "checks": {"worker": "ok", "database": "ok", "migrations": "ok"},
    }


def test_ready_says_what_is_wrong_with_the_schema(serve, tmp_path):
    url = serve()
    with closing(sqlite3.connect(tmp_path / "balie.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.commit()

    answer = requests.get(f"{url}/readyz", timeout=10)

    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert "run balie db upgrade" in answer.json()["checks"]["migrations"]


def test_metrics_are_for_this_machine_only(whole):
    open_ = whole.get("/metrics")
    forwarded = [
        whole.get("/metrics", headers={name: value})
        for name, value in [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9")]
    ]

    assert open_.status_code == 200
    assert [answer.status_code for answer in forwarded] == [403, 403]
    assert forwarded[0].text == "set BALIE_METRICS_TOKEN and send it as a bearer token\n"


def test_metrics_with_a_token_want_it_from_everybody(serve):
    url = serve(BALIE_METRICS_TOKEN="laat-mij-kijken")

    def ask(**headers: str) -> int:
        return requests.get(f"{url}/metrics", headers=headers, timeout=10).status_code

    assert ask() == 403
    assert ask(Authorization="Bearer verkeerd") == 403
    assert ask(Authorization="Bearer laat-mij-kijkén".encode().decode("latin-1")) == 403
    assert ask(Authorization="Basic laat-mij-kijken") == 403
    assert ask(Authorization="Bearer laat-mij-kijken") == 200
    proxied = {"X-Forwarded-For": "203.0.113.9"}
    assert ask(Authorization="Bearer laat-mij-kijken", **proxied) == 200


def test_metrics_count_by_plugin_and_never_by_tenant_or_number(whole):
    number = new_customer()
    whole.post(webhook(text(number, "Hoi")))
    whole.post(b"{}", {})
    whole.settle()

    told = whole.get("/metrics").text

    assert 'balie_webhooks_total{outcome="accepted",plugin="whatsapp"}' in told
    assert 'balie_webhooks_total{outcome="signature_invalid",plugin="whatsapp"}' in told
    assert 'balie_events_total{outcome="new",plugin="whatsapp"}' in told
    assert 'balie_ledger_items{state="pending"} 0' in told
    for word in ("demo", "buren", "tenant", number):
        assert word not in told


def test_metrics_of_guessed_addresses_do_not_grow(whole):
    before = len(whole.get("/metrics").text.splitlines())

    for guess in range(20):
        whole.post(b"", {}, f"guess-{guess}/whatsapp")

    assert len(whole.get("/metrics").text.splitlines()) == before

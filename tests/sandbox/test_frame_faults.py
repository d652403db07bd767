"""Faults: what a client of the APIs and a receiver of webhooks go through."""

import pytest
import requests


def write(sandbox, text="Hoi"):
    return sandbox.control("whatsapp/messages", {"from": "31655501234", "text": text})["id"]


def bodies(received):
    messages = [one.json["entry"][0]["changes"][0]["value"]["messages"][0] for one in received]
    return [message["text"]["body"] for message in messages]


def test_status_fault_has_graphs_envelope(sandbox, graph):
    sandbox.control("faults", {"target": "graph", "kind": "status", "status": 429, "count": 1})

    status, answer = graph.send()

    assert (status, answer["error"]["code"]) == (429, 130429)
    assert answer["error"]["message"] == "(#130429) Rate limit hit"
    assert graph.send()[0] == 200


def test_status_fault_has_zendesks_envelope_and_retry_after(sandbox):
    sandbox.control(
        "faults", {"target": "zendesk", "kind": "status", "status": 429, "retry_after": 7}
    )

    answer = sandbox.session.get(f"{sandbox.url}/zendesk/api/v2/users/me", timeout=5)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"] == "APIRateLimitExceeded"


def test_status_fault_with_body_sends_it_as_is(sandbox):
    fault = {"target": "graph", "kind": "status", "status": 502, "body": "<h1>Bad</h1>"}
    sandbox.control("faults", fault)

    answer = sandbox.session.get(f"{sandbox.url}/graph/x", timeout=5)

    assert (answer.status_code, answer.text) == (502, "<h1>Bad</h1>")


def test_reset_fault_drops_connection_before_the_effect(sandbox, graph):
    write(sandbox)
    sandbox.control("faults", {"target": "graph", "kind": "reset", "count": 1})

    with pytest.raises(requests.ConnectionError):
        graph.send()

    assert len(sandbox.look("whatsapp/phones/31655501234")["messages"]) == 1


def test_lost_fault_drops_connection_after_the_effect(sandbox, graph):
    write(sandbox)
    sandbox.control("faults", {"target": "graph", "kind": "lost", "count": 1})

    with pytest.raises(requests.ConnectionError):
        graph.send()

    assert len(sandbox.look("whatsapp/phones/31655501234")["messages"]) == 2


@pytest.mark.parametrize(("kind", "arrives"), [("stall", True), ("slow", False)])
def test_stall_answers_late_and_slow_works_late(sandbox, graph, wait_until, kind, arrives):
    write(sandbox)
    sandbox.control("faults", {"target": "graph", "kind": kind, "seconds": 30, "count": 1})
    url = f"{sandbox.url}/graph/106540352242922/messages"
    body = {"messaging_product": "whatsapp", "to": "31655501234", "text": {"body": "a"}}
    headers = {"Authorization": "Bearer EAASANDBOXtoken"}

    with pytest.raises(requests.ReadTimeout):
        requests.post(url, json=body, headers=headers, timeout=0.3)

    wait_until(lambda: sandbox.look("faults")["faults"][0]["fired"])
    if arrives:
        wait_until(lambda: len(sandbox.look("whatsapp/phones/31655501234")["messages"]) == 2)
    assert len(sandbox.look("whatsapp/phones/31655501234")["messages"]) == 1 + arrives


def test_fault_strikes_only_its_path_and_method(sandbox, graph):
    fault = {"target": "graph", "kind": "status", "path": "/messages$", "method": "post"}
    sandbox.control("faults", fault)

    read, sent = graph.call("GET", "106540352242922"), graph.send()

    assert (read[0], sent[0]) == (200, 503)
    assert sandbox.look("faults")["faults"][0]["fired"] == 1


def test_fault_rate_repeats_with_its_seed(sandbox, graph):
    def run():
        sandbox.control("faults?seed=7", method="DELETE")
        sandbox.control("faults", {"target": "graph", "kind": "status", "rate": 0.5})
        return [graph.call("GET", "106540352242922")[0] for _ in range(12)]

    first = run()

    assert set(first) == {200, 503}
    assert run() == first


def test_dropped_webhook_never_comes(sandbox, connected):
    sandbox.control("faults", {"target": "webhook:graph", "kind": "drop", "count": 1})

    write(sandbox, "one")
    write(sandbox, "two")

    assert bodies(connected.take(1)) == ["two"]
    assert sandbox.look("deliveries")["deliveries"][0]["fault"] == "drop"


def test_duplicated_webhook_comes_twice(sandbox, connected):
    sandbox.control("faults", {"target": "webhook:graph", "kind": "duplicate", "count": 1})

    write(sandbox, "one")

    first, second = connected.take(2)
    assert first.body == second.body


def test_reordered_webhook_comes_after_the_next(sandbox, connected):
    sandbox.control("faults", {"target": "webhook:graph", "kind": "reorder", "count": 1})

    write(sandbox, "one")
    write(sandbox, "two")

    assert bodies(connected.take(2)) == ["two", "one"]


def test_delayed_webhook_is_overtaken(sandbox, connected):
    sandbox.control(
        "faults", {"target": "webhook:graph", "kind": "delay", "seconds": 1, "count": 1}
    )

    write(sandbox, "one")
    write(sandbox, "two")

    assert bodies(connected.take(2)) == ["two", "one"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            {"kind": "status"},
            "target: Missing data for required field.",
        ),
        (
            {"target": "graph", "kind": "drop"},
            "kind: graph knows status, reset, lost, stall, slow.",
        ),
        ({"target": "graph", "kind": "reset", "path": "("}, None),
        ({"target": "graph", "kind": "reset", "rate": 2}, None),
        ([1], "Send a JSON object as the body of this request."),
    ],
)
def test_bad_fault_is_refused_with_a_sentence(sandbox, body, error):
    answer = sandbox.session.post(f"{sandbox.url}/control/faults", json=body, timeout=5)

    assert answer.status_code == 400
    assert error is None or answer.json() == {"error": error}


def test_reset_clears_faults(sandbox):
    sandbox.control("faults", {"target": "graph", "kind": "reset"})

    sandbox.control("reset")

    assert sandbox.look("faults") == {"faults": []}

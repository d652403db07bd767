"""Attack cases A8, A20 and A23: what customers write stays text, and stays out of the logs."""

import re

import pytest
from tests.e2e.whole import Whole, new_customer, text, wait_until, webhook

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "template": "{{7*7}} {% for x in y %} ${7*7} #{7*7} %(x)s {0}",
    "sql": "'); DROP TABLE message;--",
    "emoji": "👩‍👩‍👧‍👦🇳🇱 in vier bytes",
    "right to left": "شكرا \u202eevil\u202c einde",
    "markdown": "**vet** [link](javascript:alert(1))",
    "placeholder": "{{ticket.latest_comment}} {{dc.secret}}",
    "lines": "een\ntwee\n\nvier",
}


def write(whole: Whole, number: str, words: str, name: str = "Sanne") -> None:
    contact = {"profile": {"name": name}, "wa_id": number}
    assert whole.post(webhook(text(number, words), contacts=[contact])).status_code == 200


@pytest.mark.parametrize("kind", HOSTILE)
def test_a23_hostile_text_arrives_as_it_was_written(each_whole, kind):
    number = new_customer()

    write(each_whole, number, HOSTILE[kind])

    wait_until(lambda: each_whole.comments(number) == [HOSTILE[kind]])


@pytest.mark.parametrize("kind", ["script", "template", "sql", "emoji"])
def test_a23_hostile_name_arrives_as_text(each_whole, kind):
    number = new_customer()

    write(each_whole, number, "Hoi", name=HOSTILE[kind])

    ticket = each_whole.ticket(number)
    assert ticket["requester"]["name"] == HOSTILE[kind]
    assert ticket["subject"].startswith(f"WhatsApp: {HOSTILE[kind]} ")


def test_name_that_turns_the_writing_direction_loses_only_that(each_whole):
    number = new_customer()

    write(each_whole, number, "Hoi", name="Jan\u202enaJ\u0007\n  de   Vries")

    assert each_whole.ticket(number)["requester"]["name"] == "JannaJ de Vries"


def test_name_of_nothing_is_called_by_number(each_whole):
    number = new_customer()

    write(each_whole, number, "Hoi", name=" \u202e\u0007 ")

    assert each_whole.ticket(number)["requester"]["name"].endswith(number[-8:])


def test_nul_in_text_does_not_stop_the_message(each_whole):
    number = new_customer()
    message = text(number, "voor\0na")

    assert each_whole.post(webhook(message)).status_code == 200

    wait_until(lambda: each_whole.comments(number) == ["voor\ufffdna"])


def test_nul_in_every_id_does_not_stop_the_message(each_whole):
    number = new_customer()
    message = text(number, "Hoi", id="wamid.\0x", from_user_id="NL.1\0")

    assert each_whole.post(webhook(message)).status_code == 200

    wait_until(lambda: each_whole.comments(number) == ["Hoi"])


def test_very_long_text_and_name_arrive(each_whole):
    number = new_customer()
    words = "lang " * 13_000

    write(each_whole, number, words, name="N" * 5_000)

    # In as many comments as Zendesk's limit asks for.
    wait_until(lambda: "".join("".join(each_whole.comments(number)).split()) == "lang" * 13_000)


def test_very_long_ids_are_told_apart(each_whole):
    number = new_customer()
    start = "wamid." + "x" * 5_000
    first, second = (text(number, f"Einde {end}", id=start + end) for end in "ab")

    for message in (first, second, first):
        each_whole.post(webhook(message))

    wait_until(lambda: "Einde b" in "\n".join(each_whole.comments(number)))
    each_whole.settle()
    assert "\n".join(each_whole.comments(number)).count("Einde a") == 1


def test_a20_log_holds_no_number_no_token_and_no_words(whole):
    """The log is written at level debug, and by requests that fail in many ways."""
    number = new_customer()
    words = "zeer vertrouwelijke woorden"
    whole.write(number, words)
    whole.answer(whole.ticket(number), words)
    wait_until(lambda: whole.shown(number))
    whole.post(webhook(text(number, words), number_id="106540000000000"))
    whole.post(f'{{"from": "{number}", "text": "{words}"}}'.encode())
    whole.post(webhook(text(number, words)), {"X-Hub-Signature-256": "sha256=" + "0" * 64})
    whole.settle()

    log = whole.log()
    secrets = [
        value
        for slug in ("whatsapp", "zendesk")
        for name, value in config(whole, slug).items()
        if re.search("secret|token", name) and value
    ]
    assert len(secrets) == 5
    for secret in [*secrets, number, number.removeprefix("31"), words]:
        assert secret not in log
    assert "Traceback" not in log
    assert "signature_invalid" in log


def config(whole: Whole, slug: str):
    balie = whole.stage.services()
    found = balie.directory.config(balie.directory.connection("demo", slug))
    balie.store.close()
    return found

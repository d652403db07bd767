"""The Graph half, used by a client that nobody here wrote."""

import pytest
from flask import Flask
from pywa import filters
from pywa.errors import (
    ExpiredAccessToken,
    InvalidParameter,
    ReEngagementMessage,
    TooManyMessages,
    WhatsAppError,
)

NUMBER = "106540352242922"
WABA = "419561257915477"
APP = "670843887433847"
CUSTOMER = "31655501234"


@pytest.fixture
def client(make_client):
    return make_client()


class Bot:
    """A pywa client with a server, and what it saw of its webhooks."""

    def __init__(self, client):
        self.client = client
        self.messages = []
        self.statuses = []
        client.on_message(filters.text)(lambda _, message: self.messages.append(message))
        client.on_message_status()(lambda _, status: self.statuses.append(status))


@pytest.fixture
def bot(sandbox, graph, make_client, serving, wait_until):
    """A bot that registered its callback itself, and checks every signature."""
    app = Flask("bot")
    with serving(app) as url:
        bot = Bot(
            make_client(
                server=app,
                callback_url=url,
                webhook_endpoint="/bot",
                verify_token="bot-verify",
                app_id=APP,
                app_secret="sandbox-app-secret",
                webhook_challenge_delay=0,
            )
        )
        wait_until(lambda: graph.call("GET", f"{APP}/subscriptions")[1]["data"])
        graph.call("POST", f"{WABA}/subscribed_apps")
        yield bot
        wait_until(lambda: not sandbox.look("deliveries")["pending"])


def write(sandbox, text="Hoi"):
    return sandbox.control("whatsapp/messages", {"from": f"+{CUSTOMER}", "text": text})["id"]


def shown(sandbox):
    return sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]


def test_pywa_sends_text(sandbox, client):
    write(sandbox)

    sent = client.send_message(to=f"+{CUSTOMER}", text="Dag Sanne", tracker="t-1")

    assert (sent.chat.id, sent.input) == (CUSTOMER, f"+{CUSTOMER}")
    assert [(m["id"], m["text"]) for m in shown(sandbox)[1:]] == [(sent.id, "Dag Sanne")]


def test_pywa_reads_number_and_its_waba(client):
    number = client.get_business_phone_number()
    account = client.get_business_account()

    assert (number.id, number.display_phone_number) == (NUMBER, "+31 85 550 0100")
    assert account.id == WABA


def test_pywa_parses_customers_message(sandbox, bot, wait_until):
    message_id = write(sandbox, "Bezorgen jullie morgen? ☂")

    [message] = wait_until(lambda: bot.messages)
    user = message.from_user
    assert (message.id, message.text) == (message_id, "Bezorgen jullie morgen? ☂")
    assert (user.name, user.wa_id) == ("Sanne de Wit", CUSTOMER)
    assert user.bsuid == sandbox.look(f"whatsapp/phones/{CUSTOMER}")["user_id"]


def test_pywa_replies_marks_read_and_sees_statuses(sandbox, bot, wait_until):
    write(sandbox)
    [message] = wait_until(lambda: bot.messages)

    message.mark_as_read()
    message.indicate_typing()
    reply = message.reply_text("Ja hoor", quote=True, tracker="order-42")
    sandbox.control(f"whatsapp/phones/{CUSTOMER}/read")

    wait_until(lambda: len(bot.statuses) == 3)
    assert [status.status for status in bot.statuses] == ["sent", "delivered", "read"]
    assert {(status.id, status.tracker) for status in bot.statuses} == {(reply.id, "order-42")}
    assert bot.statuses[0].pricing.model == "PMP"
    question, answer = shown(sandbox)
    assert (question["status"], answer["context"]) == ("read", {"id": question["id"]})


def test_pywa_sees_failure_outside_window(bot, wait_until):
    bot.client.send_message(to=f"+{CUSTOMER}", text="Dag")

    [status] = wait_until(lambda: bot.statuses)
    assert status.status == "failed"
    assert isinstance(status.error, ReEngagementMessage)
    assert status.error.message == "Re-engagement message"


def test_pywa_with_user_id_only_customer_replies(sandbox, bot, wait_until):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"persona": "bsuid_only", "username": "sanne"})
    write(sandbox)
    [message] = wait_until(lambda: bot.messages)

    message.reply_text("Dag")

    wait_until(lambda: len(bot.statuses) == 2)
    assert (message.from_user.wa_id, message.from_user.username) == (None, "sanne")
    assert shown(sandbox)[-1]["status"] == "delivered"


def test_pywa_raises_its_own_errors(sandbox, client, make_client):
    with pytest.raises(ExpiredAccessToken):
        make_client(token="wrong").send_message(to=CUSTOMER, text="a")
    with pytest.raises(InvalidParameter):
        client.send_message(to="+12", text="a")
    with pytest.raises(WhatsAppError, match="at most 4096"):
        client.send_message(to=CUSTOMER, text="a" * 4097)
    with pytest.raises(TooManyMessages):
        [client.send_message(to=CUSTOMER, text="a") for _ in range(46)]


def test_pywa_overrides_number_callback(sandbox, receiver, graph, client):
    graph.call("POST", f"{WABA}/subscribed_apps")

    done = client.override_phone_callback_url(
        callback_url=receiver.url, verify_token=receiver.verify_token
    )
    write(sandbox)

    assert bool(done) is True
    assert len(receiver.take(1)) == 1

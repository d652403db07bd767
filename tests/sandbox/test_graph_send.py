"""POST /{phone-number-id}/messages: what is accepted, and what is refused how."""

import pytest


def write(sandbox, text="Hoi", **more):
    return sandbox.control("whatsapp/messages", {"from": "+31655501234", "text": text} | more)


def shown(sandbox, number="31655501234"):
    return sandbox.look(f"whatsapp/phones/{number}")["messages"]


def test_send_text_in_window_reaches_phone(sandbox, graph):
    write(sandbox)

    status, answer = graph.send()

    message_id = answer["messages"][0].pop("id")
    assert message_id.startswith("wamid.")
    assert (status, answer) == (
        200,
        {
            "messaging_product": "whatsapp",
            "contacts": [{"input": "+31655501234", "wa_id": "31655501234"}],
            "messages": [{}],
        },
    )
    seen = [(m["direction"], m["text"], m["status"]) for m in shown(sandbox)]
    assert seen == [("out", "Hoi", "pending"), ("in", "Goedemiddag", "delivered")]


def test_send_without_version_is_the_same(sandbox, graph):
    body = {"messaging_product": "whatsapp", "to": "31655501234", "text": {"body": "a"}}

    status, answer = graph.call("POST", "106540352242922/messages", body)

    assert (status, answer["contacts"][0]["wa_id"]) == (200, "31655501234")


def test_send_as_form_with_json_fields_is_read(sandbox, graph):
    write(sandbox)
    form = {"messaging_product": "whatsapp", "to": "31655501234", "text": '{"body": "form"}'}

    status, _ = graph.call("POST", "106540352242922/messages", data=form)

    assert (status, shown(sandbox)[-1]["text"]) == (200, "form")


@pytest.mark.parametrize(
    ("dialled", "wa_id"),
    [
        ("+31 6 5550-1234", "31655501234"),
        ("0655501234", "31655501234"),
        ("655501234", "31655501234"),
        ("31655501234", "31655501234"),
        ("+525512345678", "5215512345678"),
        ("+541123456789", "5491123456789"),
        ("+5547991234567", "554791234567"),
        ("+5511991234567", "5511991234567"),
        ("+15555550123", "15555550123"),
    ],
)
def test_send_to_any_notation_resolves_wa_id(graph, dialled, wa_id):
    _, answer = graph.send(to=dialled)

    assert answer["contacts"] == [{"input": dialled, "wa_id": wa_id}]


def test_send_by_user_id_answers_with_user_id(sandbox, graph):
    write(sandbox)
    user_id = sandbox.look("whatsapp/phones/31655501234")["user_id"]

    status, answer = graph.send(to=None, recipient=user_id)

    assert (status, answer["contacts"]) == (200, [{"input": user_id, "user_id": user_id}])
    assert shown(sandbox)[-1]["status"] == "delivered"


def test_send_user_id_in_to_is_accepted_and_never_arrives(sandbox, graph, connected):
    write(sandbox)
    user_id = sandbox.look("whatsapp/phones/31655501234")["user_id"]

    status, _ = graph.send(to=user_id)

    assert (status, len(shown(sandbox))) == (200, 1)


def test_send_with_context_shows_quote(sandbox, graph):
    quoted = write(sandbox)["id"]

    graph.send(context={"message_id": quoted})

    assert shown(sandbox)[-1]["context"] == {"id": quoted}


def plain(sentence):
    return {"message": f"(#100) {sentence}", "type": "OAuthException", "code": 100}


def detailed(code, title, details):
    data = {"messaging_product": "whatsapp", "details": details}
    message = f"(#{code}) {title}"
    return {"message": message, "type": "OAuthException", "code": code, "error_data": data}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"messaging_product": None}, plain("The parameter messaging_product is required.")),
        (
            {"messaging_product": "sms"},
            plain("Param messaging_product must be one of {WHATSAPP}."),
        ),
        ({"to": None}, plain("The parameter to is required.")),
        ({"to": ["31655501234"]}, plain("Param to must be a string.")),
        (
            {"to": "nobody"},
            detailed(131009, "Parameter value is not valid", "Param to is not a phone number."),
        ),
        (
            {"to": None, "recipient": "NL.1"},
            detailed(
                131009,
                "Parameter value is not valid",
                "Param recipient is not a user id of this business portfolio.",
            ),
        ),
        (
            {"to": "+31855500100"},
            detailed(
                131021,
                "Recipient cannot be sender",
                "The recipient's phone number is the same as the sender's phone number.",
            ),
        ),
        ({"text": "hello"}, plain("Param text must be a JSON object.")),
        (
            {"text": None},
            detailed(
                131008,
                "Required parameter is missing",
                "Parameter 'text' is mandatory for type 'text'.",
            ),
        ),
        (
            {"text": {"body": ""}},
            detailed(
                131008,
                "Required parameter is missing",
                "Parameter 'text.body' is mandatory for type 'text'.",
            ),
        ),
        (
            {"text": {"body": "x" * 4097}},
            plain("Param text['body'] must be at most 4096 characters long."),
        ),
        (
            {"biz_opaque_callback_data": "x" * 513},
            plain("Param biz_opaque_callback_data must be at most 512 characters long."),
        ),
        (
            {"type": "image"},
            detailed(
                131008,
                "Required parameter is missing",
                "Parameter 'image' is mandatory for type 'image'.",
            ),
        ),
        (
            {"type": "telepathy"},
            detailed(131051, "Unsupported message type", "Message type telepathy is unknown."),
        ),
        ({"context": "wamid.x"}, plain("Param context must be a JSON object.")),
        ({"status": "sent"}, plain("Param status must be one of {READ}.")),
    ],
)
def test_send_invalid_is_refused_in_metas_words(graph, change, error):
    assert graph.send(**change) == (400, {"error": error})


def test_send_longest_text_is_accepted(graph):
    assert graph.send(text={"body": "é" * 4096})[0] == 200


def test_send_malformed_json_names_what_is_missing(graph):
    status, answer = graph.call("POST", "106540352242922/messages", data=b"{")

    assert (status, answer["error"]["code"]) == (400, 100)


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, 104), ({"Authorization": "Bearer wrong"}, 190), ({"Authorization": "Basic x"}, 104)],
)
def test_token_missing_or_wrong_is_401(graph, headers, code):
    status, answer = graph.call("GET", "v24.0/106540352242922", headers=headers)

    assert (status, answer["error"]["code"]) == (401, code)


def test_token_of_another_app_sees_no_number(sandbox, graph):
    sandbox.control(
        "whatsapp/app",
        {
            "app_id": "11",
            "app_secret": "other",
            "access_token": "EAAother",
            "waba_id": "12",
            "phone_number_id": "13",
            "display_phone_number": "31855500199",
        },
    )

    status, answer = graph.call(
        "GET", "106540352242922", headers={"Authorization": "Bearer EAAother"}
    )

    error = answer["error"]
    assert (status, error["type"], error["code"], error["error_subcode"]) == (
        400,
        "GraphMethodException",
        100,
        33,
    )


def test_mark_read_ticks_customers_messages_and_shows_typing(sandbox, graph):
    first, last = write(sandbox)["id"], write(sandbox, "Nog iets")["id"]
    body = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": last,
        "typing_indicator": {"type": "text"},
    }

    answer = graph.call("POST", "v24.0/106540352242922/messages", body)

    phone = sandbox.look("whatsapp/phones/31655501234")
    assert answer == (200, {"success": True})
    assert [(m["id"], m["status"]) for m in phone["messages"]] == [(first, "read"), (last, "read")]
    assert phone["typing"] is True


def test_typing_ends_after_25_seconds(sandbox, graph):
    message_id = write(sandbox)["id"]
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    graph.call("POST", "106540352242922/messages", body | {"typing_indicator": {"type": "text"}})

    sandbox.control("clock", {"advance": 25})

    assert sandbox.look("whatsapp/phones/31655501234")["typing"] is False


def test_mark_read_of_unknown_or_old_message_is_131009(sandbox, graph):
    message_id = write(sandbox)["id"]
    sandbox.control("clock", {"advance": 31 * 86400})
    body = {"messaging_product": "whatsapp", "status": "read"}

    answers = [
        graph.call("POST", "106540352242922/messages", body | {"message_id": id_})
        for id_ in ("wamid.none", message_id)
    ]

    assert [(status, answer["error"]["code"]) for status, answer in answers] == [(400, 131009)] * 2


def test_deregistered_number_cannot_send(graph):
    graph.call("POST", "106540352242922/deregister")

    refused = graph.send()
    graph.call(
        "POST", "106540352242922/register", {"messaging_product": "whatsapp", "pin": "123456"}
    )

    assert (refused[0], refused[1]["error"]["code"]) == (400, 133010)
    assert graph.send()[0] == 200


def test_pair_limit_refuses_the_46th_and_recovers(sandbox, graph):
    write(sandbox)

    answers = [graph.send()[0] for _ in range(46)]
    code = graph.send()[1]["error"]["code"]
    sandbox.control("clock", {"advance": 12})

    assert (answers, code) == ([200] * 45 + [400], 131056)
    assert [graph.send()[0] for _ in range(3)] == [200, 200, 400]


def test_throughput_limit_refuses_beyond_a_second(sandbox, graph):
    sandbox.control("whatsapp/settings", {"messages_per_second": 1, "pair_limit": False})
    graph.send()

    codes = {answer.get("error", {}).get("code") for _, answer in (graph.send() for _ in range(5))}
    sandbox.control("whatsapp/settings", {"throughput_limit": False})

    assert 130429 in codes
    assert [graph.send()[0] for _ in range(3)] == [200, 200, 200]

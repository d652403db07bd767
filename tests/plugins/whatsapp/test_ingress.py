"""Naming of events: everything in a delivery is either an event or refused for a reason."""

from datetime import UTC, datetime, timedelta

import pytest

from balie.api import Context, EventKind, PayloadInvalid, RawEvent
from balie_whatsapp.plugin import plugin

from .conftest import NOW, SettableClock
from .payloads import NUMBER_ID, a_message, a_payload, a_value, post, take

AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_message_is_named_and_placed(ctx: Context):
    value = a_value(a_message())
    assert take(ctx, a_payload(value)) == (
        RawEvent(
            id="wamid.IN1",
            kind=EventKind.MESSAGE,
            lane="NL.1001",
            at=AT,
            body={
                "message": a_message(),
                "contact": value["contacts"][0],
                "metadata": value["metadata"],
            },
        ),
    )


def test_status_is_named_and_placed(ctx: Context):
    status = {
        "id": "wamid.OUT",
        "status": "read",
        "timestamp": "1790000000",
        "recipient_id": "31655500001",
    }
    assert take(ctx, a_payload(a_value(statuses=[status]))) == (
        RawEvent(
            id="wamid.OUT:read",
            kind=EventKind.STATUS,
            lane="31655500001",
            at=AT,
            body={"status": status},
        ),
    )


@pytest.mark.parametrize(
    ("recipient", "lane"),
    [
        ({"recipient_id": "31655500001", "recipient_user_id": "NL.1001"}, "31655500001"),
        ({"recipient_id": "", "recipient_user_id": "NL.1001"}, "NL.1001"),
        ({}, "unknown"),
    ],
)
def test_lane_of_a_status_is_the_number_or_else_the_user_id(ctx: Context, recipient, lane):
    status = {"id": "wamid.OUT", "status": "sent", **recipient}
    (event,) = take(ctx, a_payload(a_value(statuses=[status])))
    assert event.lane == lane


def test_everything_in_every_list_becomes_an_event(ctx: Context):
    statuses = [{"id": "wamid.A", "status": word} for word in ("sent", "delivered")]
    one = a_value(
        a_message(id="wamid.1"),
        a_message(id="wamid.2"),
        statuses=statuses,
        errors=[{"code": 130429, "title": "Rate limit hit"}],
        message_echoes=[{"id": "wamid.E"}],
    )
    payload = a_payload(one, a_value(a_message(id="wamid.3")))
    payload["entry"].append(a_payload(a_value(a_message(id="wamid.4")))["entry"][0])
    events = take(ctx, payload)
    assert [event.id for event in events if not event.refused] == [
        *("wamid.1", "wamid.2", "wamid.A:sent", "wamid.A:delivered"),
        *("error:cffec64fe5e1af7427715e81a7963186", "wamid.3", "wamid.4"),
    ]
    assert [event.refused for event in events if event.refused] == [
        "message_echoes is not followed yet.",
    ]


def test_thousand_updates_become_a_thousand_events(ctx: Context):
    messages = [a_message(id=f"wamid.{number}") for number in range(1000)]
    assert len(take(ctx, a_payload(a_value(*messages)))) == 1000


@pytest.mark.parametrize(
    ("message", "contact", "lane"),
    [
        ({}, {}, "NL.1001"),
        ({"from_user_id": None}, {"user_id": "NL.77"}, "NL.77"),
        ({"from_user_id": None}, {"user_id": ""}, "31655500001"),
        ({"from": None}, {}, "NL.1001"),
        ({"from": "", "from_user_id": ""}, {}, "unknown"),
        ({"from": 31655500001, "from_user_id": None}, {"user_id": None}, "31655500001"),
    ],
)
def test_lane_is_the_user_id_or_else_the_number(ctx: Context, message, contact, lane):
    value = a_value(a_message(**message))
    value["contacts"][0].update(contact)
    (event,) = take(ctx, a_payload(value))
    assert event.lane == lane


def test_lane_of_a_changed_user_id_is_the_old_one(ctx: Context):
    system = {"type": "user_changed_user_id", "user_id": "NL.2", "previous_user_id": "NL.1"}
    message = {"id": "wamid.S", "type": "system", "system": system}
    (event,) = take(ctx, a_payload(a_value(message)))
    assert event.lane == "NL.1"


def test_contact_is_the_senders_among_several(ctx: Context):
    value = a_value(a_message())
    value["contacts"].insert(0, {"profile": {"name": "Other"}, "wa_id": "31655500002"})
    (event,) = take(ctx, a_payload(value))
    assert event.body["contact"]["profile"] == {"name": "Sanne"}


def test_contact_of_somebody_else_is_not_the_senders(ctx: Context):
    value = a_value(a_message(from_user_id="NL.5", **{"from": "31655500005"}))
    (event,) = take(ctx, a_payload(value))
    assert event.body["contact"] is None


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("1790000000", AT),
        (1790000000, AT),
        (str(int((NOW + timedelta(minutes=5)).timestamp())), NOW + timedelta(minutes=5)),
        (str(int((NOW + timedelta(minutes=6)).timestamp())), NOW),
        ("99999999999", NOW),
        ("999999999999999999999", NOW),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("-5", NOW),
        ("²", NOW),
        ("soon", NOW),
        (1.5e300, NOW),
        (True, NOW),
        ([], NOW),
        (None, NOW),
    ],
)
def test_time_is_the_senders_within_reason(ctx: Context, timestamp, at):
    """A30: no message from the future."""
    (event,) = take(ctx, a_payload(a_value(a_message(timestamp=timestamp))))
    assert event.at == at


@pytest.mark.parametrize("given", [None, "", 7.5, [], "wamid with spaces", "x" * 257, "w\u00e9"])
def test_unusable_id_gives_way_to_a_stable_one(ctx: Context, clock: SettableClock, given):
    message = a_message(id=given)
    (first,) = take(ctx, a_payload(a_value(message)))
    clock.time += timedelta(days=1)
    (again,) = take(ctx, a_payload(a_value(dict(reversed(message.items())))))
    (other,) = take(ctx, a_payload(a_value({**message, "timestamp": "1790000001"})))
    assert first.id.startswith("message:")
    assert first.id == again.id != other.id


def test_same_delivery_tomorrow_has_the_same_ids(ctx: Context, clock: SettableClock):
    """A3: a replay makes nothing new."""
    statuses = [{"id": "wamid.A", "status": "sent"}, {"status": "sent"}, {"type": "call"}]
    payload = a_payload(a_value(a_message(), statuses=statuses, groups=[{"group_id": "g"}]))
    payload["entry"][0]["changes"].append({"field": "account_update", "value": {"event": "X"}})
    first = [event.id for event in take(ctx, payload)]
    clock.time += timedelta(days=1)
    assert [event.id for event in take(ctx, payload)] == first
    assert len(set(first)) == 6


def test_group_statuses_of_members_do_not_fall_together(ctx: Context):
    status = {"id": "wamid.G", "status": "read", "recipient_id": "group"}
    statuses = [{**status, "recipient_participant_id": member} for member in ("316555001", "2")]
    events = take(ctx, a_payload(a_value(statuses=statuses)))
    assert [event.id for event in events] == ["wamid.G:read:316555001", "wamid.G:read:2"]


@pytest.mark.parametrize("number", ["999", None, "", {"a": 1}, [NUMBER_ID]])
def test_delivery_for_another_number_is_refused_without_its_body(ctx: Context, number):
    """A4: a valid signature, with the number of another connection."""
    value = a_value(a_message(), statuses=[{"id": "wamid.A", "status": "sent"}])
    value["metadata"]["phone_number_id"] = number
    events = take(ctx, a_payload(value))
    whose = "is for phone number id 999" if number == "999" else "names no phone number id"
    assert [event.refused for event in events] == [
        f"messages {whose}, not this connection's.",
        f"statuses {whose}, not this connection's.",
    ]
    assert [(event.body, event.lane) for event in events] == [({}, "account")] * 2
    assert "wamid.IN1" not in [event.id for event in events]


def test_number_id_as_a_number_is_ours(ctx: Context):
    value = a_value(a_message())
    value["metadata"]["phone_number_id"] = int(NUMBER_ID)
    assert take(ctx, a_payload(value))[0].refused == ""


@pytest.mark.parametrize("metadata", [None, [], "x", {}])
def test_messages_without_metadata_are_refused(ctx: Context, metadata):
    (event,) = take(ctx, a_payload({**a_value(a_message()), "metadata": metadata}))
    assert event.refused == "messages names no phone number id, not this connection's."


def test_account_update_is_let_in(ctx: Context):
    payload = a_payload({"event": "VERIFIED_ACCOUNT"}, field="account_update")
    (event,) = take(ctx, payload)
    assert (event.kind, event.lane, event.refused) == (EventKind.NOTICE, "account", "")
    assert event.body == {
        "change": {"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}}
    }


@pytest.mark.parametrize(("entry_id", "named"), [("0", "0"), (None, "unnamed"), ("999", "999")])
def test_account_update_of_another_account_is_refused(ctx: Context, entry_id, named):
    """A4: valid signature, another's account."""
    payload = a_payload({"event": "VERIFIED_ACCOUNT"}, field="account_update", entry_id=entry_id)
    (event,) = take(ctx, payload)
    assert event.refused == f"account_update is about account {named}, not this connection's."
    assert event.body == {}


def test_field_with_another_numbers_metadata_is_refused(ctx: Context):
    value = {"metadata": {"phone_number_id": "999"}, "standby": {"messages": []}}
    (event,) = take(ctx, a_payload(value, field="standby"))
    assert event.refused == "standby is for phone number id 999, not this connection's."


def test_partners_solution_is_the_portfolios_and_let_in(ctx: Context):
    payload = a_payload({"event": "SOLUTION_CREATED"}, field="partner_solutions", entry_id="77")
    assert [event.refused for event in take(ctx, payload)] == [""]


def test_account_update_at_another_time_is_another_event(ctx: Context):
    payload = a_payload({"event": "FLAGGED"}, field="phone_number_quality_update")
    ids = set()
    for time in (1790000000, 1790000001):
        payload["entry"][0]["time"] = time
        ids |= {event.id for event in take(ctx, payload)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("field", "more", "reason"),
    [
        ("messages", {"mystery": [{"id": "1"}]}, "mystery is not followed yet."),
        ("calls", {"errors": [{"code": 1}]}, "WhatsApp reports error 1 of a call: "),
        ("history", {"history": [{}, {}]}, "The history from before Balie is not imported"),
        ("smb_app_state_sync", {"state_sync": [{}]}, "The app's address book is not kept"),
        ("messages", {}, "The messages update holds nothing to read."),
        ("messages", {"messages": [None]}, "What stands in messages is no object."),
        ("messages", {"messages": "many"}, "The messages update holds nothing to read."),
        ("messages", {"statuses": [["sent"]]}, "What stands in statuses is no object."),
    ],
)
def test_what_is_not_followed_is_refused_for_a_reason(ctx: Context, field, more, reason):
    events = take(ctx, a_payload(a_value(**more), field=field))
    assert events
    assert all(event.kind is EventKind.NOTICE for event in events)
    assert all(event.refused.startswith(reason) for event in events)


@pytest.mark.parametrize("field", [None, "", ["messages"]])
def test_change_without_a_field_is_refused(ctx: Context, field):
    (event,) = take(ctx, a_payload(a_value(a_message()), field=field))
    assert event.refused.endswith(".messages is not followed yet.")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (None, "The entry holds no list of changes."),
        ([], "The entry holds no list of changes."),
        ({"changes": {}}, "The entry holds no list of changes."),
        ({"changes": []}, "The entry holds no list of changes."),
        ({"changes": [3]}, "The change holds no value that is an object."),
        ({"changes": [{"field": "messages"}]}, "The change holds no value that is an object."),
    ],
)
def test_odd_entry_is_refused_and_the_next_is_read(ctx: Context, entry, reason):
    payload = a_payload(a_value(a_message()))
    payload["entry"].insert(0, entry)
    events = take(ctx, payload)
    assert [event.refused for event in events] == [reason, ""]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON"),
        (b"\xff\xfe", "the body is not JSON"),
        (b'{"object":"whatsapp_business_account","entry":[]}{', "the body is not JSON"),
        (b'{"object":"whatsapp_business_account","entry":["\\ud800"]}', "the body is not JSON"),
        (b"[" * 5000, "the body is not JSON"),
        (b"[" * 500 + b"]" * 500, "the body is no JSON that can be kept"),
        (b"[]", "the body is JSON but no object"),
        (b"null", "the body is JSON but no object"),
        (b'{"object":"page","entry":[]}', '"object" is not "whatsapp_business_account"'),
        (b'{"entry":[]}', '"object" is not "whatsapp_business_account"'),
        (b'{"object":"whatsapp_business_account"}', '"entry" is not a list'),
        (b'{"object":"whatsapp_business_account","entry":{}}', '"entry" is not a list'),
    ],
)
def test_what_is_not_metas_as_a_whole_is_invalid(ctx: Context, body, reason):
    with pytest.raises(PayloadInvalid, match=reason):
        plugin.channel_ingress(ctx, post(body))


@pytest.mark.parametrize(
    ("written", "kept"), [(r"a\u0000b", "a\ufffdb"), (r"a\\u0000b", r"a\u0000b")]
)
def test_nul_is_replaced_and_what_only_looks_like_it_stays(ctx: Context, written, kept):
    value = a_value(a_message(text={"body": "HERE"}))
    raw = post(a_payload(value)).body.replace(b"HERE", written.encode())
    (event,) = take(ctx, raw)
    assert event.body["message"]["text"]["body"] == kept

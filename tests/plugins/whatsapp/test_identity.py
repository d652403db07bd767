"""Customers who become reachable in another way, and groups in which several speak."""

import pytest

from balie.api import (
    Address,
    AddressKind,
    Choice,
    Contact,
    Context,
    CustomerNotice,
    MessageReceived,
    Text,
    Unknown,
)
from balie_whatsapp.plugin import plugin

from .payloads import a_message, a_payload, a_value, take
from .test_ingress import AT


def phone(digits):
    return Address(kind=AddressKind.PHONE, value=f"+{digits}")


def bsuid(value):
    return Address(kind=AddressKind.BSUID, value=value)


GROUP = Address(kind=AddressKind.GROUP, value="Y2FwaV9ncm91cDo=")


def events(ctx: Context, value, field="messages"):
    (raw,) = take(ctx, a_payload(value, field=field))
    return plugin.event_parse(ctx, raw)


def system(**content):
    return {"id": "wamid.S", "timestamp": "1790000000", "type": "system", "system": content}


@pytest.mark.parametrize(
    ("message", "sender", "moves_to", "text"),
    [
        (
            {
                "from": "16505551234",
                **system(type="user_changed_number", body="Changed", wa_id="12195555358"),
            },
            (phone("16505551234"),),
            (phone("12195555358"),),
            "[The customer has a new number] Changed",
        ),
        (
            {
                "from": "16505551234",
                **system(
                    type="user_changed_number",
                    wa_id="12195555358",
                    user_id="US.2",
                    previous_user_id="US.1",
                ),
            },
            (bsuid("US.1"), phone("16505551234")),
            (bsuid("US.2"), phone("12195555358")),
            "[The customer has a new number]",
        ),
        (
            system(type="user_changed_user_id", user_id="US.2", previous_user_id="US.1"),
            (bsuid("US.1"),),
            (bsuid("US.2"),),
            "[WhatsApp knows the customer by a new id]",
        ),
        (
            {
                "from": "16505551234",
                "identity": {"acknowledged": True, "hash": "xyz"},
                **system(type="customer_identity_changed", body="User identity changed"),
            },
            (phone("16505551234"),),
            (),
            (
                "[The customer has reinstalled WhatsApp or changed phones; make sure that it is "
                "still the same person before sharing anything confidential]"
            ),
        ),
    ],
    ids=["number", "number and id", "id", "identity"],
)
def test_system_message_tells_where_a_customer_went(ctx, message, sender, moves_to, text):
    assert events(ctx, {**a_value(message), "contacts": []}) == [
        CustomerNotice(id="wamid.S", sender=sender, at=AT, text=text, moves_to=moves_to)
    ]


def test_system_message_is_worked_in_the_row_of_the_old_id(ctx: Context):
    message = {
        "from": "16505551234",
        **system(type="user_changed_number", user_id="US.2", previous_user_id="US.1"),
    }
    (raw,) = take(ctx, a_payload(a_value(message)))
    assert raw.lane == "US.1"


def shared(origin):
    card = {"name": {"formatted_name": "Sanne"}, "phones": [{"wa_id": "31655500009"}]}
    return {"type": "contacts", "text": None, "contacts": [{**card, "origin": origin}]}


def test_number_shared_on_request_becomes_the_senders(ctx: Context):
    message = a_message(**shared("contact_request"), **{"from": None})
    received, moved = events(ctx, {**a_value(message), "contacts": []})
    assert received.sender == (bsuid("NL.1001"),)
    assert received.parts == (
        Contact(
            text="[Contact] Sanne, 31655500009",
            name="Sanne",
            phones=("31655500009",),
            answers_request=True,
        ),
    )
    assert moved == CustomerNotice(
        id="wamid.IN1:shared",
        sender=(bsuid("NL.1001"),),
        at=AT,
        text="[The customer shared its number] +31655500009",
        moves_to=(phone("31655500009"),),
    )


@pytest.mark.parametrize("origin", ["other", None, "", ["contact_request"]])
def test_card_of_somebody_else_moves_nobody(ctx: Context, origin):
    """A customer who sends a neighbour's card does not become the neighbour."""
    (received,) = events(ctx, a_value(a_message(**shared(origin))))
    assert isinstance(received, MessageReceived)


def test_shared_number_that_is_known_is_no_news(ctx: Context):
    message = a_message(**shared("contact_request"), **{"from": "31655500009"})
    assert len(events(ctx, a_value(message))) == 1


def test_group_message_is_the_groups_and_names_its_speaker(ctx: Context):
    (event,) = events(ctx, a_value(a_message(group_id=GROUP.value)))
    assert event.sender == (GROUP,)
    assert event.parts == (Text(text="Sanne: Goedemiddag"),)
    assert event.name == "WhatsApp group"
    assert [one.value for one in event.speaker] == ["NL.1001", "+31655500001"]
    assert event.speaker_name == "Sanne"


def test_customer_who_writes_alone_is_no_speaker(ctx: Context):
    (event,) = events(ctx, a_value(a_message()))
    assert (event.speaker, event.speaker_name) == ((), "")


def test_group_message_is_worked_in_the_groups_row(ctx: Context):
    (raw,) = take(ctx, a_payload(a_value(a_message(group_id=GROUP.value))))
    assert raw.lane == GROUP.value


@pytest.mark.parametrize(
    ("contact", "speaker"),
    [({"profile": {"name": ""}}, "06 55500001"), ({"profile": {"name": "Bo\n<b>"}}, "Bo <b>")],
)
def test_speaker_without_a_name_is_its_number(ctx: Context, contact, speaker):
    message = a_message(group_id=GROUP.value, type="button", text=None, button={"text": "Ja"})
    value = a_value(message)
    value["contacts"][0].update(contact)
    (event,) = events(ctx, value)
    assert event.parts == (Choice(text=f"{speaker}: [Button] Ja", id="", title="Ja"),)


def test_speaker_stands_before_the_words_and_after_the_circumstances(ctx: Context):
    message = a_message(group_id=GROUP.value, context={"forwarded": True})
    (event,) = events(ctx, a_value(message))
    assert event.parts == (
        Unknown(type="forwarded", text="[Forwarded]"),
        Text(text="Sanne: Goedemiddag"),
    )


def group_update(kind, **more):
    item = {"timestamp": "1790000000", "group_id": GROUP.value, "type": kind, **more}
    return {"groups": [item]}


def test_group_is_called_by_its_subject_once_it_was_told(ctx: Context):
    made = a_value(**group_update("group_create", subject="Buren"))
    (notice,) = events(ctx, made, "group_lifecycle_update")
    assert (notice.sender, notice.text) == ((GROUP,), "[Group made] Buren")
    (event,) = events(ctx, a_value(a_message(group_id=GROUP.value)))
    assert event.name == "Buren"
    renamed = group_update("group_settings_update", group_subject={"text": "De buren"})
    events(ctx, a_value(**renamed), "group_settings_update")
    (event,) = events(ctx, a_value(a_message(group_id=GROUP.value)))
    assert event.name == "De buren"


def test_group_that_could_not_be_renamed_keeps_its_name(ctx: Context):
    failed = group_update(
        "group_settings_update",
        group_subject={"text": "Nee"},
        errors=[{"code": 131000, "title": "No"}],
    )
    (notice,) = events(ctx, a_value(**failed), "group_settings_update")
    assert notice.text == "[Group changed] Nee, 131000 No"
    (event,) = events(ctx, a_value(a_message(group_id=GROUP.value)))
    assert event.name == "WhatsApp group"


@pytest.mark.parametrize(
    ("field", "kind", "more", "text"),
    [
        (
            "group_participants_update",
            "group_participants_add",
            {"reason": "invite_link", "added_participants": [{"wa_id": "31655500002"}]},
            "[Joined the group] 31655500002",
        ),
        (
            "group_participants_update",
            "group_participants_remove",
            {"removed_participants": [{"input": "31655500002"}]},
            "[Left the group] 31655500002",
        ),
        (
            "group_participants_update",
            "group_join_request_created",
            {"join_request_id": "j", "wa_id": "31655500002"},
            "[Wants to join the group] 31655500002",
        ),
        (
            "group_status_update",
            "group_suspend",
            {},
            "[WhatsApp has suspended the group; nothing can be sent to it]",
        ),
        (
            "group_status_update",
            "group_suspend_cleared",
            {},
            "[The group is no longer suspended]",
        ),
        ("group_lifecycle_update", "group_delete", {}, "[Group deleted]"),
        ("group_lifecycle_update", "group_tomorrow", {}, "[type: group_tomorrow]"),
    ],
)
def test_group_update_is_told_in_the_groups_ticket(ctx: Context, field, kind, more, text):
    (notice,) = events(ctx, a_value(**group_update(kind, **more)), field)
    assert (notice.sender, notice.at, notice.text) == ((GROUP,), AT, text)

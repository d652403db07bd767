"""The tenant's rules: what a new ticket looks like, and settings that cannot work."""

from dataclasses import replace

import pytest
from marshmallow import ValidationError

from balie.api import Address, AddressKind, Media, MediaKind, Text, Unknown
from balie_crm_zendesk.config import ZendeskConfig
from balie_crm_zendesk.plugin import plugin
from balie_crm_zendesk.tickets import opening
from balie_crm_zendesk.tickets.pieces import Piece

from .facts import BSUID, PHONE, a_batch, a_line, acquainted, written
from .test_config import BASE, OAUTH
from .test_tickets import CREATE

VISITOR = Address(kind=AddressKind.VISITOR, value="v1")
ABROAD = Address(kind=AddressKind.PHONE, value="+442079460000")
ODD = Address(kind=AddressKind.PHONE, value="+15551234567")
HOSTILE = "{phone}{0}{channel.__class__} <b>"


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "WhatsApp: Noor 06 55501234"),
        ({"person_name": ""}, "WhatsApp: 06 55501234"),
        ({"addresses": (BSUID, PHONE)}, "WhatsApp: Noor 06 55501234"),
        ({"addresses": (BSUID,)}, "WhatsApp: Noor"),
        ({"addresses": (BSUID,), "person_name": ""}, "WhatsApp: Is de winkel open?"),
        ({"addresses": (ABROAD,)}, "WhatsApp: Noor +44 20 7946 0000"),
        ({"addresses": (ODD,)}, "WhatsApp: Noor +15551234567"),
        ({"person_name": "Noor\r\nBcc: x\x00"}, "WhatsApp: Noor Bcc: x 06 55501234"),
        ({"person_name": "x" * 300}, f"WhatsApp: {'x' * 100} 06 55501234"),
        ({"person_name": HOSTILE}, f"WhatsApp: {HOSTILE} 06 55501234"),
        ({"channel": "Service"}, "Service: Noor 06 55501234"),
    ],
)
def test_subject_says_who_writes_where(ctx, changes, subject):
    assert opening.subject(ctx, a_batch(**changes)) == subject


TOPIC = Unknown(type="topic", text="Onderwerp: Retour")
FORM = Unknown(type="form", text="Bestelnummer: 4712")
PHOTO = Media(kind=MediaKind.IMAGE, ref="1", text="[Foto] deuk.jpg")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([TOPIC, FORM, Text(text="Mijn fiets\nis stuk")], "Retour: Mijn fiets is stuk"),
        ([TOPIC], "Retour"),
        ([Text(text="Hallo: is de winkel open?")], "Hallo: is de winkel open?"),
        ([PHOTO], "[Foto] deuk.jpg"),
        ([FORM], "klant"),
        ([Text(text="\u200b \n")], "klant"),
        ([Text(text="x" * 60)], "x" * 60),
        ([Text(text="x" * 61)], "x" * 59 + "…"),
        ([Text(text=HOSTILE)], HOSTILE),
    ],
)
def test_subject_of_somebody_without_a_name_says_what_they_want(ctx, parts, told):
    line = replace(a_line(""), parts=tuple(parts))
    nobody = a_batch(person_name="", addresses=(VISITOR,), lines=(line,))

    assert opening.subject(ctx, nobody) == f"WhatsApp: {told}"
    # Balie's own words are not theirs, and whoever has a name is called by it.
    assert opening.subject(ctx, replace(nobody, internal=True)) == "WhatsApp: klant"
    assert opening.subject(ctx, replace(nobody, person_name="Noor")) == "WhatsApp: Noor"


def test_what_somebody_without_a_name_wants_is_in_the_subject_only(to_zendesk):
    ctx = to_zendesk(subject="[{tenant}] {name}", custom_fields="36=van {name}", tags="van {name}")
    nobody = a_batch(person_name="", addresses=(VISITOR,))
    made = opening.ticket(ctx, nobody, Piece("k", ()), 7)

    assert made["subject"] == "[Bakker] Is de winkel open?"
    assert made["custom_fields"] == [{"id": 36, "value": "van klant"}]
    assert "van_klant" in made["tags"]


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("Nieuw bij {tenant} van {name}", "Nieuw bij Bakker van Noor"),
        ("Vast", "Vast"),
        ("{{x}} {name}", "{x} Noor"),
        ("{name}" * 100, ("Noor" * 100)[:150]),
    ],
)
def test_subject_follows_the_tenants_template(to_zendesk, template, subject):
    assert opening.subject(to_zendesk(subject=template), a_batch()) == subject


RULES = {
    "tags": "VIP klant, kanaal {channel},, ",
    "group_id": "11",
    "brand_id": 12,
    "ticket_form_id": "13",
    "priority": "high",
    "custom_fields": "360001=whatsapp; 360002 = {phone};",
}
RULED = {
    "tags": ["balie", "vip_klant", "kanaal_whatsapp"],
    "group_id": 11,
    "brand_id": 12,
    "ticket_form_id": 13,
    "priority": "high",
    "custom_fields": [
        {"id": 360001, "value": "whatsapp"},
        {"id": 360002, "value": "06 55501234"},
    ],
}


def test_new_ticket_follows_the_tenants_rules(to_zendesk, zendesk):
    ctx = to_zendesk(**RULES)
    acquainted(ctx)
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(ctx, a_batch())
    ticket = zendesk.sent(CREATE).json["ticket"]
    assert {name: ticket[name] for name in RULED} == RULED


@pytest.mark.parametrize("field", ["group", "brand", "custom_fields", "base"])
def test_rules_that_zendesk_refuses_do_not_stop_a_message(to_zendesk, zendesk, field):
    ctx = to_zendesk(**RULES)
    acquainted(ctx)
    refusal = {"error": "RecordInvalid", "details": {field: [{"description": "is invalid"}]}}
    zendesk.on(CREATE, refusal, 422)
    zendesk.on("GET /users/501", {"user": {"id": 501, "role": "end-user"}})
    zendesk.on(CREATE, written(), 201)
    assert plugin.ticket_file(ctx, a_batch()).ticket_id == "77"
    first, second = [one for one in zendesk.seen if one.call == CREATE]
    assert set(first.json["ticket"]) - set(second.json["ticket"]) == set(RULED) - {"tags"}
    assert [one.headers["idempotency-key"] for one in (first, second)] == [
        "batch-1",
        "batch-1:plain",
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"subject": ""},
        {"subject": "{phone"},
        {"subject": "{other}"},
        {"subject": "{0}"},
        {"subject": "{}"},
        {"subject": "{name!r}"},
        {"subject": "{name:>1000000000}"},
        {"subject": "{name.__class__}"},
        {"tags": "{nome}"},
        {"group_id": "eleven"},
        {"priority": "highest"},
        {"custom_fields": "whatsapp"},
        {"custom_fields": "360001:whatsapp"},
        {"custom_fields": "0=x"},
        {"reopen_days": "-1"},
        {"reopen_days": "365"},
        {"follow_up": "perhaps"},
        {"file_hosts": "https://example.com"},
        {"phone_fields": "whatsapp number"},
    ],
    ids=str,
)
def test_rule_that_cannot_work_is_refused_by_field(settings):
    with pytest.raises(ValidationError) as refused:
        ZendeskConfig().load(BASE | OAUTH | settings)
    assert list(refused.value.messages) == list(settings)

"""Every JSON shape that Meta's pages show, and what it comes to: one row a shape.

A row is the section of the reference, the webhook's field, the value beside metadata and contacts,
and the lines that ``summary`` makes of it.
"""

from typing import Any

OURS, NUMBER, USER = "31655509999", "31655500001", "NL.1001"


def said(kind: str, content: Any = None, **more: Any) -> dict[str, Any]:
    """Return a value with one message of the customer's."""
    head = {"from": NUMBER, "from_user_id": USER, "id": "wamid.IN1", "timestamp": "1790000000"}
    body = {} if content is None else {kind: content}
    message = {**head, "type": kind, **body, **more}
    return {"messages": [{key: each for key, each in message.items() if each is not None}]}


def answered(kind: str, content: Any) -> dict[str, Any]:
    """Return a value with an answer to something that could be tapped."""
    quoted = {"from": OURS, "id": "wamid.OUR001"}
    return said("interactive", {"type": kind, kind: content}, context=quoted)


def reached(word: str, **more: Any) -> dict[str, Any]:
    """Return a value with one status."""
    status = {"id": "wamid.OUT", "status": word, "timestamp": "1790000000", "recipient_id": NUMBER}
    return {"statuses": [{**status, **more}]}


def system(**content: Any) -> dict[str, Any]:
    """Return a value with a message of WhatsApp's own."""
    return said("system", content, from_user_id=None)


def call(event: str, **more: Any) -> dict[str, Any]:
    """Return a value with one call."""
    head = {"id": "wacid.1", "to": OURS, "from": NUMBER, "event": event}
    return {"calls": [{**head, "timestamp": "1790000000", "direction": "USER_INITIATED", **more}]}


def group(kind: str, **more: Any) -> dict[str, Any]:
    """Return a value with news of a group."""
    return {"groups": [{"timestamp": "1790000000", "group_id": "g=", "type": kind, **more}]}


def template(**more: Any) -> dict[str, Any]:
    """Return a value about a template."""
    names = {"message_template_name": "order", "message_template_language": "en-US"}
    return {**names, "message_template_id": 1, **more}


CARD = {
    "name": {"formatted_name": "Barbara J", "first_name": "Barbara", "last_name": "J"},
    "phones": [{"phone": "+1 555-123", "wa_id": "1555123", "type": "CELL"}],
    "emails": [{"email": "a@b.example", "type": "WORK"}],
    "addresses": [{"street": "Plein 1", "city": "Delft", "type": "HOME"}],
    "org": {"company": "Bakker", "title": "Chef"},
    "urls": [{"url": "https://b.example", "type": "WORK"}],
    "birthday": "1999-01-23",
    "vcard": "BEGIN:VCARD",
    "origin": "other",
}
ERROR = {"code": 131051, "title": "Unknown", "error_data": {"details": "Not supported."}}
AD = {
    "source_url": "https://fb.me/x",
    "source_id": "1",
    "source_type": "ad",
    "headline": "Brood",
    "body": "Vers",
    "media_type": "image",
    "image_url": "https://a.example/i",
    "ctwa_clid": "Aff",
    "welcome_message": {"text": "Hi"},
}
MARKETING = {
    "conversation": {"id": "c", "origin": {"type": "marketing"}},
    "pricing": {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": "marketing",
    },
}
FREE = {
    "pricing": {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
}
THREAD = {
    "id": NUMBER,
    "messages": [
        {
            "from": OURS,
            "to": NUMBER,
            "id": "wamid.H",
            "timestamp": "1739230955",
            "type": "text",
            "text": {"body": "Ja"},
            "history_context": {"status": "READ"},
        }
    ],
}

GIVEN: list[tuple[str, str, Any]] = [
    ("2.1 text", "messages", said("text", {"body": "Hoi"})),
    ("2.2 image", "messages", said("image", {"caption": "Kijk", "id": "1", "url": "https://x"})),
    ("2.2 video", "messages", said("video", {"id": "1", "mime_type": "video/mp4"})),
    ("2.2 audio", "messages", said("audio", {"id": "1", "voice": False})),
    ("2.2 voice", "messages", said("audio", {"id": "1", "voice": True})),
    ("2.2 document", "messages", said("document", {"id": "1", "filename": "a.pdf"})),
    ("2.2 sticker", "messages", said("sticker", {"id": "1", "animated": True})),
    (
        "2.2 too big",
        "messages",
        said("unsupported", errors=[{"code": 131052, "title": "Media file size too big"}]),
    ),
    ("2.3 location", "messages", said("location", {"latitude": 37.44, "longitude": -122.16})),
    ("2.3 contacts", "messages", said("contacts", [CARD])),
    ("2.3 shared", "messages", said("contacts", [{**CARD, "origin": "contact_request"}])),
    ("2.4 button", "messages", answered("button_reply", {"id": "c", "title": "Cancel"})),
    ("2.4 list", "messages", answered("list_reply", {"id": "p", "title": "P", "description": "d"})),
    (
        "2.4 flow",
        "messages",
        answered(
            "nfm_reply",
            {"name": "flow", "body": "Sent", "response_json": '{"flow_token":"..","k":"v"}'},
        ),
    ),
    (
        "2.4 address",
        "messages",
        answered(
            "nfm_reply",
            {
                "name": "address_message",
                "body": "B",
                "response_json": '{"values":{"city":"Delft"}}',
            },
        ),
    ),
    (
        "2.4 call permission",
        "messages",
        answered(
            "call_permission_reply",
            {
                "response": "accept",
                "is_permanent": False,
                "expiration_timestamp": 1753186982,
                "response_source": "user_action",
            },
        ),
    ),
    ("2.4 product", "messages", answered("product", {"product_retailer_id": "p1"})),
    (
        "2.4 without",
        "messages",
        {**said("interactive"), "errors": [{"code": 131000, "title": "Unsupported payload"}]},
    ),
    ("2.5 template button", "messages", said("button", {"payload": "Stop", "text": "Stop"})),
    ("2.6 reaction", "messages", said("reaction", {"message_id": "wamid.OUR001", "emoji": "😀"})),
    ("2.6 removed", "messages", said("reaction", {"message_id": "wamid.OUR001"})),
    (
        "2.7 order",
        "messages",
        said(
            "order",
            {
                "catalog_id": "1",
                "text": "Snel",
                "product_items": [
                    {
                        "product_retailer_id": "d",
                        "quantity": 2,
                        "item_price": 30,
                        "currency": "USD",
                    }
                ],
            },
        ),
    ),
    (
        "2.8 number",
        "messages",
        system(
            type="user_changed_number",
            body="Changed",
            wa_id="12195555358",
            user_id="US.2",
            previous_user_id="US.1",
        ),
    ),
    (
        "2.8 id",
        "messages",
        system(type="user_changed_user_id", user_id="US.2", previous_user_id="US.1"),
    ),
    ("2.8 identity", "messages", system(type="customer_identity_changed", body="Changed")),
    (
        "2.9 unsupported",
        "messages",
        said("unsupported", {"type": "poll_creation"}, errors=[ERROR]),
    ),
    ("2.9 old", "messages", said("unknown", errors=[{**ERROR, "code": 130501}])),
    (
        "2.10 edit",
        "messages",
        said(
            "edit",
            {
                "original_message_id": "wamid.ORIG01",
                "message": {"context": {"id": "M0"}, "type": "image", "image": {"caption": "New"}},
            },
        ),
    ),
    ("2.10 revoke", "messages", said("revoke", {"original_message_id": "wamid.ORIG01"})),
    ("2.11 welcome", "messages", said("request_welcome")),
    (
        "2.12 reply",
        "messages",
        said("text", {"body": "Ja"}, context={"from": OURS, "id": "wamid.OUR001"}),
    ),
    ("2.12 forwarded", "messages", said("text", {"body": "Ja"}, context={"forwarded": True})),
    (
        "2.12 often",
        "messages",
        said("text", {"body": "Ja"}, context={"frequently_forwarded": True}),
    ),
    (
        "2.12 product",
        "messages",
        said(
            "text",
            {"body": "Nog?"},
            context={
                "from": OURS,
                "id": "wamid.OUR001",
                "referred_product": {"catalog_id": "1", "product_retailer_id": "p1"},
            },
        ),
    ),
    ("2.12 ad", "messages", said("text", {"body": "Hoi"}, referral=AD)),
    (
        "2.12 post",
        "messages",
        said("text", {"body": "Hoi"}, referral={**AD, "source_type": "post"}),
    ),
    ("2.14 errors", "messages", {"errors": [{"code": 130429, "title": "Rate limit hit"}]}),
    ("2.15 group", "messages", said("text", {"body": "Hoi"}, group_id="g=")),
    ("3.3 no phone", "messages", {**said("text", {"body": "Hoi"}, **{"from": ""}), "contacts": []}),
    ("3.3 no id", "messages", {**said("text", {"body": "H"}, from_user_id=None), "contacts": []}),
    ("4 sent", "messages", reached("sent", recipient_user_id=USER, **MARKETING)),
    ("4 delivered", "messages", reached("delivered", **FREE)),
    ("4 read", "messages", reached("read")),
    ("4 played", "messages", reached("played")),
    ("4 failed", "messages", reached("failed", errors=[{"code": 131049, "title": "x"}])),
    ("4 deleted", "messages", reached("deleted")),
    (
        "4.3 group",
        "messages",
        reached("read", recipient_id="g=", recipient_type="group", recipient_participant_id="1"),
    ),
    ("5 approved", "message_template_status_update", template(event="APPROVED", reason="NONE")),
    ("5 rejected", "message_template_status_update", template(event="REJECTED", reason="SCAM")),
    (
        "5 paused",
        "message_template_status_update",
        template(event="PAUSED", other_info={"title": "FIRST_PAUSE", "description": "3 h"}),
    ),
    (
        "5 quality",
        "message_template_quality_update",
        template(previous_quality_score="GREEN", new_quality_score="RED"),
    ),
    (
        "5 components",
        "message_template_components_update",
        template(message_template_element="body", message_template_footer="f"),
    ),
    (
        "5 category soon",
        "template_category_update",
        template(correct_category="MARKETING", new_category="UTILITY"),
    ),
    (
        "5 category",
        "template_category_update",
        template(previous_category="UTILITY", new_category="MARKETING"),
    ),
    (
        "5 preferences",
        "user_preferences",
        {
            "user_preferences": [
                {
                    "wa_id": NUMBER,
                    "user_id": USER,
                    "detail": "x",
                    "category": "marketing_messages",
                    "value": "stop",
                    "timestamp": 1790000000,
                }
            ]
        },
    ),
    (
        "5 settings",
        "account_settings_update",
        {"type": "phone_number_settings", "phone_number_settings": {"calling": {"status": "ON"}}},
    ),
    ("5.1 deleted", "account_update", {"event": "ACCOUNT_DELETED"}),
    (
        "5.1 ban",
        "account_update",
        {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}},
    ),
    (
        "5.2 echo",
        "smb_message_echoes",
        {
            "message_echoes": [
                {
                    "from": OURS,
                    "to": NUMBER,
                    "to_user_id": USER,
                    "id": "wamid.E",
                    "timestamp": "1790000000",
                    "type": "text",
                    "text": {"body": "Tot zo"},
                }
            ]
        },
    ),
    ("5.2 history", "history", {"history": [{"metadata": {"phase": 0}, "threads": [THREAD]}]}),
    ("5.2 declined", "history", {"history": [{"errors": [{"code": 2593109, "title": "No"}]}]}),
    (
        "5.2 contact",
        "smb_app_state_sync",
        {"state_sync": [{"type": "contact", "contact": {"full_name": "A"}, "action": "add"}]},
    ),
    ("10.1 connect", "calls", call("connect", session={"sdp_type": "offer", "sdp": "v=0"})),
    ("10.1 terminate", "calls", call("terminate", status="COMPLETED", duration=120)),
    (
        "10.1 status",
        "calls",
        {
            "statuses": [
                {"id": "wacid.2", "type": "call", "status": "REJECTED", "recipient_id": NUMBER}
            ]
        },
    ),
    ("10.2 made", "group_lifecycle_update", group("group_create", subject="Buren")),
    (
        "10.2 joined",
        "group_participants_update",
        group("group_participants_add", added_participants=[{"wa_id": "31655500002"}]),
    ),
    ("10.2 suspended", "group_status_update", group("group_suspend")),
]

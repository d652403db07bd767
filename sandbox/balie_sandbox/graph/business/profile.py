"""The business profile that customers see (reference/whatsapp.md 9.1)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import invalid_parameter
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.parameters import Parameters, required_text, text_of

LENGTHS = {"about": 139, "address": 256, "description": 512, "email": 128}
MAX_WEBSITES = 2
WEBSITE_LENGTH = 256
VERTICALS = frozenset(
    {
        "UNDEFINED",
        "OTHER",
        "AUTO",
        "BEAUTY",
        "APPAREL",
        "EDU",
        "ENTERTAIN",
        "EVENT_PLAN",
        "FINANCE",
        "GROCERY",
        "GOVT",
        "HOTEL",
        "HEALTH",
        "NONPROFIT",
        "PROF_SERVICES",
        "RETAIL",
        "TRAVEL",
        "RESTAURANT",
        "ALCOHOL",
        "ONLINE_GAMBLING",
        "PHYSICAL_GAMBLING",
        "OTC_DRUGS",
        "NOT_A_BIZ",
    }
)
FIELDS = (*LENGTHS, "profile_picture_url", "websites", "vertical")


def show_profile(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/whatsapp_business_profile; empty fields are left out."""
    asked = text_of(found, "fields")
    names = [name.strip() for name in asked.split(",")] if asked else []
    for name in names:
        if name not in (*FIELDS, "messaging_product", "id"):
            raise invalid_parameter(
                f"Tried accessing nonexisting field ({name}) on node type "
                "(WhatsAppBusinessProfileNode)"
            )
    shown = {name: number.profile[name] for name in names if number.profile.get(name)}
    return {"data": [shown | {"messaging_product": "whatsapp"}]}


def change_profile(
    account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/whatsapp_business_profile. Raises code 100."""
    required_text(found, "messaging_product")
    changed: dict[str, Any] = {}
    for key, longest in LENGTHS.items():
        if key in found:
            changed[key] = text_of(found, key, longest) or ""
    if found.get("about") == "":
        raise invalid_parameter("Param about must be at least 1 character long.")
    if "websites" in found:
        changed["websites"] = websites_of(found["websites"])
    if "vertical" in found:
        changed["vertical"] = vertical_of(found)
    handle = text_of(found, "profile_picture_handle")
    if handle:
        uploads = {upload.handle: upload for upload in account.uploads.values() if upload.handle}
        if handle not in uploads:
            raise invalid_parameter("Param profile_picture_handle is not a handle of an upload.")
        changed["profile_picture_url"] = f"https://pps.whatsapp.net/{number.id}"
    number.profile |= changed
    return {"success": True}


def websites_of(value: Any) -> list[str]:
    """Return up to two web addresses. Raises code 100."""
    usable = isinstance(value, list) and len(value) <= MAX_WEBSITES
    if not usable or not all(isinstance(one, str) for one in value):
        raise invalid_parameter(f"Param websites must be an array of at most {MAX_WEBSITES}.")
    for one in value:
        if len(one) > WEBSITE_LENGTH or (one and not one.startswith(("http://", "https://"))):
            raise invalid_parameter("Param websites must hold URLs of at most 256 characters.")
    return [one for one in value if one]


def vertical_of(found: Parameters) -> str:
    """Return the line of business. Raises code 100."""
    vertical = (text_of(found, "vertical") or "UNDEFINED").upper()
    if vertical not in VERTICALS:
        raise invalid_parameter(
            f"Param vertical must be one of {{{', '.join(sorted(VERTICALS))}}}."
        )
    return vertical

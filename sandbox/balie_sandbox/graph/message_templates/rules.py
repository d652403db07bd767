"""What a template may look like (reference/whatsapp.md 6.5)."""

import re
from itertools import pairwise
from typing import Any

from balie_sandbox.graph.errors import GraphError

from .model import variables_of

CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "GIF")
LENGTHS = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
MAX_BUTTONS = 10
#: How many of a kind of button there may be.
BUTTON_COUNTS = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "QUICK_REPLY": 10, "OTP": 1}
BUTTON_TYPES = {
    *BUTTON_COUNTS,
    "FLOW",
    "CATALOG",
    "MPM",
    "SPM",
    "VOICE_CALL",
    "CALL_PERMISSION_REQUEST",
    "REQUEST_CONTACT_INFO",
    "ORDER_DETAILS",
}
LABEL_LENGTH = 25
#: Where WhatsApp's own button copies a one-time code from.
OTP_URL = "https://www.whatsapp.com/otp/code/?otp_type={type}&code=otp{{{{1}}}}"
SECURITY_SENTENCE = " For your security, do not share this code."


def refused(subcode: int, title: str, message: str) -> GraphError:
    """Return code 100 with the words for the person at the screen."""
    return GraphError(
        100,
        "Invalid parameter",
        details="",
        subcode=subcode,
        user_title=title,
        user_message=message,
    )


def checked_components(given: list[Any], category: str) -> list[dict[str, Any]]:
    """Return the components as Meta keeps them. Raises code 100 with its sub-codes."""
    components = [checked_component(one, category) for one in given]
    types = [one["type"] for one in components]
    if "BODY" not in types and "CAROUSEL" not in types:
        raise refused(2388072, "Message body is missing", "A template needs a BODY component.")
    if len(set(types)) < len(types):
        raise refused(2388043, "Duplicate component", "Each component may be there once.")
    return components


def checked_component(given: Any, category: str) -> dict[str, Any]:
    """Return one component."""
    if not isinstance(given, dict):
        raise refused(2388043, "Invalid component", "A component must be a JSON object.")
    component = given | {"type": str(given.get("type", "")).upper()}
    match component["type"]:
        case "HEADER":
            check_header(component)
        case "BODY":
            check_body(component, category)
        case "FOOTER":
            check_footer(component)
        case "BUTTONS":
            component["buttons"] = checked_buttons(component.get("buttons"))
    return component


def check_header(component: dict[str, Any]) -> None:
    """Check a header: one variable in a text, an example for a file."""
    format_ = str(component.get("format", "TEXT")).upper()
    component["format"] = format_
    if format_ not in FORMATS:
        raise refused(2388047, "Invalid header", f"Format must be one of {', '.join(FORMATS)}.")
    if format_ != "TEXT":
        return
    text = checked_text(component, "HEADER", 2388047)
    if len(variables_of(text)) > 1:
        raise refused(2388047, "Invalid header", "A header can have one variable.")


def check_body(component: dict[str, Any], category: str) -> None:
    """Check a body, or write that of an authentication template."""
    if category == "AUTHENTICATION" and not component.get("text"):
        safety = SECURITY_SENTENCE if component.get("add_security_recommendation") else ""
        component["text"] = "*{{1}}* is your verification code." + safety
        return
    text = checked_text(component, "BODY", 2388072)
    if re.match(r"\s*\{\{", text) or re.search(r"\}\}\s*$", text):
        raise refused(
            2388299,
            "Variables can't be at the start or end of the template",
            "This template has variables at the start or end.",
        )
    words = len(re.sub(r"\{\{.*?\}\}", " ", text).split())
    if len(variables_of(text)) * 2 > words:
        raise refused(
            2388293,
            "Too many variables for the length of the template",
            "This template has too many variables for its length.",
        )
    check_numbering(text)


def check_numbering(text: str) -> None:
    """Check that numbered variables count from 1."""
    numbers = [int(name) for name in variables_of(text) if name.isdecimal()]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise refused(2388072, "Invalid body", "Variables must count {{1}}, {{2}} and so on.")


def check_footer(component: dict[str, Any]) -> None:
    """Check a footer, or write that of an authentication template."""
    minutes = component.get("code_expiration_minutes")
    if minutes is not None and not component.get("text"):
        component["text"] = f"This code expires in {minutes} minutes."
    text = checked_text(component, "FOOTER", 2388073)
    if variables_of(text):
        raise refused(2388073, "Invalid footer", "A footer has no variables.")


def checked_text(component: dict[str, Any], type_: str, subcode: int) -> str:
    """Return a component's text. Raises code 100 with the sub-code, or 2388040 when too long."""
    text = component.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refused(subcode, f"Message {type_.lower()} is missing", "Give the text.")
    if len(text) > LENGTHS[type_]:
        raise refused(
            2388040,
            "Character limit exceeded",
            f"The {type_.lower()} can have {LENGTHS[type_]} characters.",
        )
    return text


def checked_buttons(given: Any) -> list[dict[str, Any]]:
    """Return the buttons, quick replies together. Raises code 100."""
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_BUTTONS:
        raise refused(2388043, "Invalid buttons", f"Give 1 to {MAX_BUTTONS} buttons.")
    buttons = [checked_button(one) for one in given]
    types = [one["type"] for one in buttons]
    for type_, most in BUTTON_COUNTS.items():
        if types.count(type_) > most:
            raise refused(2388043, "Too many buttons", f"There can be {most} of type {type_}.")
    turns = sum(
        (first == "QUICK_REPLY") != (second == "QUICK_REPLY") for first, second in pairwise(types)
    )
    if turns > 1:
        raise refused(2388043, "Invalid buttons", "Quick replies must stand together.")
    return buttons


def checked_button(given: Any) -> dict[str, Any]:
    """Return one button. Raises code 100."""
    if not isinstance(given, dict) or str(given.get("type", "")).upper() not in BUTTON_TYPES:
        raise refused(2388043, "Invalid button", f"Type must be one of {sorted(BUTTON_TYPES)}.")
    button = given | {"type": str(given["type"]).upper()}
    label = button.get("text") or LABELS.get(button["type"])
    if not isinstance(label, str) or not 0 < len(label) <= LABEL_LENGTH:
        raise refused(2388040, "Invalid label", f"A label has 1 to {LABEL_LENGTH} characters.")
    button["text"] = label
    if button["type"] == "OTP":
        # Meta keeps it as a link that the app reads the code from.
        url = OTP_URL.format(type=button.get("otp_type", "COPY_CODE"))
        return {"type": "URL", "text": label, "url": url}
    if button["type"] == "URL":
        check_url(button)
    if button["type"] == "PHONE_NUMBER" and not 1 <= len(str(button.get("phone_number", ""))) <= 20:
        raise refused(2388043, "Invalid button", "A telephone number has 1 to 20 characters.")
    return button


LABELS = {
    "COPY_CODE": "Copy offer code",
    "OTP": "Copy code",
    "REQUEST_CONTACT_INFO": "Share Contact Info",
    "CALL_PERMISSION_REQUEST": "Allow calls",
}


def check_url(button: dict[str, Any]) -> None:
    """Check a link: one variable, at its end."""
    url = str(button.get("url", ""))
    if not url.lower().startswith(("http://", "https://")) or len(url) > 2000:
        raise refused(2388043, "Invalid button", "A link has up to 2,000 characters.")
    if variables_of(url) and not re.search(r"\{\{1\}\}$", url):
        raise refused(2388043, "Invalid button", "The variable must be {{1}}, at the link's end.")

"""The app, number and customer that are there from the start. All of them are fictional."""

from datetime import datetime
from typing import Any

from .message_templates.model import Template

APP_ID = "670843887433847"
APP_SECRET = "sandbox-app-secret"  # noqa: S105 - opens nothing but this sandbox
ACCESS_TOKEN = "EAASANDBOXtoken"  # noqa: S105 - opens nothing but this sandbox
VERIFY_TOKEN = "sandbox-verify-token"  # noqa: S105 - opens nothing but this sandbox
APP_NAME = "Sandbox app"

WABA_ID = "419561257915477"
WABA_NAME = "Sandbox business"

PHONE_NUMBER_ID = "106540352242922"
DISPLAY_PHONE_NUMBER = "31855500100"
VERIFIED_NAME = "De Balie"

CUSTOMER_WA_ID = "31655501234"
CUSTOMER_NAME = "Sanne de Wit"

#: The template that every account at Meta begins with.
HELLO_WORLD: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
    {"type": "BODY", "text": "Hello! This is the first template of this account."},
    {"type": "FOOTER", "text": "WhatsApp Business Platform sample message"},
]


def hello_world(waba_id: str, template_id: str, now: datetime) -> Template:
    """Return the template ``hello_world``, approved."""
    return Template(
        template_id,
        waba_id,
        "hello_world",
        "en_US",
        "UTILITY",
        HELLO_WORLD,
        now,
        status="APPROVED",
        was_approved=True,
    )

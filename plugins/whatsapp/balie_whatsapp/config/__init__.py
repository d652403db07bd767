"""The settings of a WhatsApp connection: one business phone number."""

from balie_whatsapp.config.answering import CALLBACK, IGNORE, REJECT, Answering
from balie_whatsapp.config.credentials import Credentials
from balie_whatsapp.config.presence import Presence

__all__ = ["CALLBACK", "IGNORE", "REJECT", "Config"]


class Config(Presence, Answering, Credentials):
    """All settings; only the credentials have to be given."""

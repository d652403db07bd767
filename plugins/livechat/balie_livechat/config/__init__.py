"""The settings of a live chat connection: one widget on a tenant's site."""

from balie_livechat.config.access import Access
from balie_livechat.config.looks import Looks
from balie_livechat.config.presence import Presence
from balie_livechat.config.talking import Talking

__all__ = ["Config"]


class Config(Talking, Presence, Looks, Access):
    """All settings; only the sites that may show the widget have to be given."""

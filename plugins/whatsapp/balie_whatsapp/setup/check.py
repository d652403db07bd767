"""Whether a connection's credentials work, for the admin who asks."""

from balie.api import Context, Health, PluginError, Rejected
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.untrusted import one_line

_FIELDS = ("verified_name", "display_phone_number", "quality_rating")


def check(ctx: Context) -> Health:
    """Read the business number from Graph, which changes nothing there."""
    dutch = ctx.tenant.locale == "nl"
    try:
        found = GraphClient(ctx).number(*_FIELDS)
    except Rejected as error:
        return Health(ok=False, text=error.text)
    except PluginError as error:
        start = "WhatsApp is niet te gebruiken" if dutch else "WhatsApp cannot be used"
        return Health(ok=False, text=f"{start}: {error}")
    name, number, quality = (one_line(found.get(key), 100) or "?" for key in _FIELDS)
    if dutch:
        return Health(ok=True, text=f"Verbonden met {name}, {number}; kwaliteit {quality}.")
    return Health(ok=True, text=f"Connected to {name}, {number}; quality {quality}.")

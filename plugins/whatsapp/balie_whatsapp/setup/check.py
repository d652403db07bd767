"""Whether a connection's credentials work, for the admin who asks."""

from balie.api import Context, Health, PluginError, Rejected
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.setup.webhooks import in_force
from balie_whatsapp.untrusted import one_line
from balie_whatsapp.words import say

_SHOWN = ("verified_name", "display_phone_number", "quality_rating")


def check(ctx: Context) -> Health:
    """Read the business number from Graph, which changes nothing there."""
    locale = ctx.tenant.locale
    try:
        found = GraphClient(ctx).number(*_SHOWN, "webhook_configuration")
    except Rejected as error:
        return Health(ok=False, text=error.text)
    except PluginError as error:
        start = say(locale, "WhatsApp is niet te gebruiken", "WhatsApp cannot be used")
        return Health(ok=False, text=f"{start}: {error}")
    name, number, quality = (one_line(found.get(key), 100) or "?" for key in _SHOWN)
    url = one_line(in_force(found), 300)
    if url and ctx.hook_url.startswith("http") and url != ctx.hook_url:
        return Health(
            ok=False,
            text=say(
                locale,
                f"Het token werkt, maar berichten aan {number} gaan naar {url}. "
                "Stel de verbinding opnieuw in.",
                f"The token works, but messages to {number} go to {url}. "
                "Set the connection up again.",
            ),
        )
    return Health(
        ok=True,
        text=say(
            locale,
            f"Verbonden met {name}, {number}; kwaliteit {quality}.",
            f"Connected to {name}, {number}; quality {quality}.",
        ),
    )

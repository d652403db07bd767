"""The demo's shop: a site of somebody else's, with a chat that files into the same desk."""

import orjson

from balie.cli.demo.stage import CHANNEL, HELPDESK, TENANT, Stage

CHAT = "shop"
_NUMBER = "+31855500100"
_TOPICS = {"nl": "Bestelling, Retour, Advies", "en": "Order, Return, Advice"}
_REPLY_TIME = {"nl": "meestal binnen enkele minuten", "en": "usually within a few minutes"}
_NAME = {"nl": "De chat", "en": "The chat"}


def open_shop(stage: Stage) -> None:
    """Show a chat in the sandbox's shop. It is always open."""
    theme = {"colour": "#1f6f54", "colour_dark": "#57b894"}
    by_name = stage.sandbox_url.replace("127.0.0.1", "localhost")  # WhatsApp links no bare address
    settings = {
        "allowed_origins": f"{stage.sandbox_url}, {by_name}",
        "locale": stage.locale,
        "topics": orjson.dumps(_TOPICS).decode(),
        "reply_time": orjson.dumps(_REPLY_TIME).decode(),
        "agents": 2,
        "theme": orjson.dumps(theme).decode(),
        "whatsapp_number": _NUMBER,
        "whatsapp_link_url": stage.link_url,
        "whatsapp_connection": CHANNEL,
        "chat_page": f"{by_name}/shop",
    }
    balie = stage.services()
    balie.directory.add_connection(
        TENANT,
        CHAT,
        plugin="livechat",
        config=settings,
        files_into=HELPDESK,
        name=_NAME[stage.locale],
    )
    balie.store.close()
    script = f"{stage.url}/livechat/{TENANT}/{CHAT}/loader.js"
    stage.control("POST", "shop", {"script": script})

"""How customers find the number: links that open the chat, and a card for their address book.

The forms of the links are from WhatsApp's help page "How to use click to chat" and Meta's page
"QR codes and short links".
"""

import re

from balie.api import Context, WayIn
from balie_whatsapp.account.changes import NUMBER_KEY
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.untrusted import mappings, one_line

_MOST_LINKS = "100"


def card(
    name: str, digits: str, *, link: str, email: str = "", address: str = "", note: str = ""
) -> str:
    """Return a vCard 3.0 with the number, by which WhatsApp finds the chat, and a link to it."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_escaped(name)}",
        f"ORG:{_escaped(name)}",
        f"TEL;TYPE=CELL;waid={digits}:+{digits}",
        f"URL:{link}",
        *([f"EMAIL:{_escaped(email)}"] if email else []),
        *([f"ADR;TYPE=WORK:;;{_escaped(address)};;;;"] if address else []),
        *([f"NOTE:{_escaped(note)}"] if note else []),
        "END:VCARD",
    ]
    return "\r\n".join(lines) + "\r\n"


def ways_in(ctx: Context) -> list[WayIn]:
    """Return the chat, the call where customers may, and each short link. Raises as reading does.

    Each short link brings words of its own, so that it shows where a customer came from.
    """
    client, config = GraphClient(ctx), ctx.config
    found = client.number("display_phone_number", "verified_name")
    digits = re.sub(r"\D", "", one_line(found.get("display_phone_number"), 40))
    digits = digits or ctx.kv.get(NUMBER_KEY) or ""
    name = one_line(found.get("verified_name"), 100) or ctx.tenant.name
    chat = f"{config['link_url']}/{digits}"
    kept = card(
        name,
        digits,
        link=chat,
        email=config["email"],
        address=config["address"],
        note=config["opening_hours"],
    )
    ways = [WayIn(name="WhatsApp", url=chat, text_url=f"{chat}?text={{text}}", vcard=kept)]
    if config["calling"] == "on":
        ways.append(WayIn(name="call", url=f"{config['link_url']}/call/{digits}"))
    if config["entry_points"].strip():
        links = client.read(client.of_number("message_qrdls"), limit=_MOST_LINKS)
        ways += [
            WayIn(
                name=one_line(link.get("prefilled_message"), 140),
                url=one_line(link.get("deep_link_url"), 300),
            )
            for link in mappings(links.get("data"))
        ]
    return ways


def _escaped(text: str) -> str:
    """Return text as a vCard's value: one that brings no line or field of its own."""
    text = re.sub(r"([\\;,])", r"\\\1", text)
    return re.sub(r"\r\n|\r|\n", r"\\n", text)

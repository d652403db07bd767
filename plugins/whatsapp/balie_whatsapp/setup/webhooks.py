"""Where Meta sends what happens: this connection's address, asked for and confirmed."""

from collections.abc import Mapping
from typing import Any

from balie.api import Rejected, Step
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.untrusted import identifier, mapping, mappings, written

SUBSCRIPTION = ("Abonnement", "Subscription")
CALLBACK = ("Webhookadres", "Webhook address")
LONGEST = 200
"""Characters of an address, from Meta's page "Override the callback URL"."""


def subscribe(bench: Bench) -> Step:
    """Let the app hear of the account. Done again it would take another's address away: not."""
    path = bench.client.of_account("subscribed_apps")
    apps = [
        identifier(mapping(entry.get("whatsapp_business_api_data")).get("id"))
        for entry in mappings(bench.client.read(path).get("data"))
    ]
    if bench.app_id in apps if bench.app_id else apps:
        return bench.done(
            SUBSCRIPTION,
            "De app hoort al wat er in het account gebeurt.",
            "The app hears what happens in the account already.",
        )
    bench.client.write(path, {})
    return bench.done(
        SUBSCRIPTION,
        "De app hoort nu wat er in het account gebeurt.",
        "The app hears what happens in the account now.",
    )


def set_callback(bench: Bench) -> Step:
    """Send this number's messages here. Meta asks this address at once whether it is ours."""
    url = bench.ctx.hook_url
    if not url.startswith(("https://", "http://")):
        return bench.wrong(
            CALLBACK,
            "Balie weet niet waar het van buiten te bereiken is. Zet BALIE_PUBLIC_URL.",
            "Balie does not know where it can be reached from outside. Set BALIE_PUBLIC_URL.",
        )
    if len(url) > LONGEST:
        return bench.wrong(
            CALLBACK,
            f"Meta neemt adressen tot {LONGEST} tekens; dit heeft er {len(url)}.",
            f"Meta takes addresses of up to {LONGEST} characters; this one has {len(url)}.",
        )
    token = bench.ctx.config["verify_token"]
    asked = {"override_callback_uri": url, "verify_token": token}
    try:
        bench.client.write(bench.client.of_number(""), {"webhook_configuration": asked})
    except Rejected as error:
        return bench.wrong(
            CALLBACK,
            f"Meta kreeg van {url} niet het goede antwoord. Is dat adres van buiten te bereiken, "
            f"zonder inlog of filter ervoor? ({error.text})",
            f"Meta did not get the right answer from {url}. Can that address be reached from "
            f"outside, with no login or filter before it? ({error.text})",
        )
    if in_force(bench.client.number("webhook_configuration")) != url:
        return bench.wrong(
            CALLBACK,
            "Meta nam het adres aan, maar noemt het niet. Probeer het over een minuut nog eens.",
            "Meta took the address but does not name it. Try again in a minute.",
        )
    return bench.done(
        CALLBACK,
        f"Berichten van dit nummer komen op {url}; Meta heeft het nagevraagd.",
        f"This number's messages come to {url}; Meta has asked there.",
    )


def in_force(number: Mapping[str, Any]) -> str:
    """Return the address that a number's messages go to: its own, else the next one up."""
    found = mapping(number.get("webhook_configuration"))
    levels = ("phone_number", "whatsapp_business_account", "application")
    return next((url for level in levels if (url := written(found.get(level)))), "")

"""Whether the token is alive, and may do what Balie does with it."""

from datetime import UTC, datetime, timedelta

from balie.api import Rejected, Step
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.untrusted import decimal, identifier, mapping, written

NAME = ("Toegangstoken", "Access token")
_NEEDED = ("whatsapp_business_messaging", "whatsapp_business_management")
_SOON = timedelta(days=14)


def check_token(bench: Bench) -> Step:
    """Ask Meta about the token. Where it does not say, the next steps will show."""
    config = bench.ctx.config
    try:
        # Meta takes the token in the address here and nowhere else; no error of ours quotes it.
        answer = bench.client.read("debug_token", input_token=config["access_token"])
    except Rejected:
        return bench.done(
            NAME,
            "Meta vertelt niet wat dit token mag; de volgende stappen wijzen het uit.",
            "Meta does not say what this token may do; the next steps will show it.",
        )
    found = mapping(answer.get("data"))
    if found.get("is_valid") is False:
        return bench.wrong(
            NAME,
            "Het token is ongeldig of verlopen. Maak in de Business Manager een nieuw token voor "
            "een systeemgebruiker, zonder einddatum.",
            "The token is invalid or has expired. Make a new one for a system user in the "
            "Business Manager, without an end date.",
        )
    bench.app_id = identifier(found.get("app_id"))
    scopes = found.get("scopes")
    given = [written(scope) for scope in scopes] if isinstance(scopes, list) else []
    missing = [scope for scope in _NEEDED if given and scope not in given]
    if missing:
        names = ", ".join(missing)
        return bench.wrong(
            NAME,
            f"Het token mist: {names}. Maak een token met deze rechten.",
            f"The token lacks: {names}. Make a token with these permissions.",
        )
    return _lasting(bench, decimal(found.get("expires_at")) or 0.0)


def _lasting(bench: Bench, expires_at: float) -> Step:
    """Say how long the token lives; 0 is for ever."""
    now = bench.ctx.clock.now()
    if not 0 < expires_at < 253_402_300_799:
        return bench.done(NAME, "Geldig, zonder einddatum.", "Valid, without an end date.")
    end = datetime.fromtimestamp(expires_at, UTC)
    if end - now > _SOON:
        return bench.done(NAME, f"Geldig tot {end:%Y-%m-%d}.", f"Valid until {end:%Y-%m-%d}.")
    return bench.wrong(
        NAME,
        f"Het token verloopt op {end:%Y-%m-%d %H:%M} UTC. Neem een token van een "
        "systeemgebruiker, zonder einddatum.",
        f"The token expires on {end:%Y-%m-%d %H:%M} UTC. Take a system user's token, without an "
        "end date.",
    )

"""Sentences for the admin who sets a connection up, in the tenant's language."""

from typing import Final

from balie.api import Context

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "signed_in": (
        "Aangemeld bij Zendesk als {name} ({role}).",
        "Signed in to Zendesk as {name} ({role}).",
    ),
    "nobody": (
        (
            "Zendesk laat Balie binnen als iemand die geen agent of admin is: laat een admin de"
            " OAuth-client maken."
        ),
        (
            "Zendesk lets Balie in as somebody who is neither agent nor admin:"
            " let an admin make the OAuth client."
        ),
    ),
    "legacy": (
        "API-tokens eindigen op {end}: stap voor die dag over op een OAuth-client.",
        "API tokens end on {end}: move to an OAuth client before that day.",
    ),
    "no_admin": (
        "{name} is geen admin, en alleen die mag webhooks en triggers maken.",
        "{name} is no admin, and only admins may make webhooks and triggers.",
    ),
    "consent": (
        "Open dit adres als admin van Zendesk, sta Balie toe, en stel daarna opnieuw in: {link}",
        "Open this address as an admin of Zendesk, allow Balie, and set up again: {link}",
    ),
    "no_public_url": (
        "Zendesk kan Balie niet bereiken: stel BALIE_PUBLIC_URL in.",
        "Zendesk cannot reach Balie: set BALIE_PUBLIC_URL.",
    ),
    "scopes": (
        "De OAuth-client mag wat nodig is ({scope}).",
        "The OAuth client may do what is needed ({scope}).",
    ),
    "scopes_missing": (
        (
            "De OAuth-client mag te weinig: {missing} ontbreekt. Zet scope op “read write” en sta"
            " dat de OAuth-client in Zendesk toe."
        ),
        (
            "The OAuth client may do too little: {missing} is missing. Set scope to “read write”"
            " and allow it on the OAuth client in Zendesk."
        ),
    ),
    "made": ("Gemaakt: {name}.", "Made: {name}."),
    "right": ("Stond al goed: {name}.", "Was right already: {name}."),
    "put_right": ("Goedgezet: {name}.", "Put right: {name}."),
    "webhook_of_another": (
        (
            "Zendesk heeft al een webhook “{name}”, en die wijst naar {url}: van een andere Balie."
            " Er is niets veranderd. Verwijder die webhook in Zendesk als hij niet meer nodig is,"
            " of geef deze verbinding een andere naam."
        ),
        (
            "Zendesk has a webhook “{name}” already, and it points to {url}: another Balie's."
            " Nothing was changed. Delete that webhook in Zendesk if it is not needed any more, or"
            " give this connection another name."
        ),
    ),
    "trigger_of_another": (
        (
            "Zendesk heeft al een trigger “{name}”, en die roept {url} aan: van een andere Balie."
            " Verwijder die trigger in Zendesk als hij niet meer nodig is, of geef deze verbinding"
            " een andere naam."
        ),
        (
            "Zendesk has a trigger “{name}” already, and it calls {url}: another Balie's. Delete"
            " that trigger in Zendesk if it is not needed any more, or give this connection"
            " another name."
        ),
    ),
    "switched_off": (
        "Uitgezet, want alles kwam dubbel: {name}.",
        "Switched off, as all came twice: {name}.",
    ),
    "secret": (
        "Het geheim van de webhook is gelezen en wordt bewaard.",
        "The webhook's signing secret was read and is kept.",
    ),
    "reached": ("Zendesk bereikt Balie op {url}.", "Zendesk reaches Balie at {url}."),
    "not_reached": (
        "Zendesk bereikt Balie niet op {url} ({why}). Is BALIE_PUBLIC_URL van buiten bereikbaar?",
        (
            "Zendesk does not reach Balie at {url} ({why}). Can BALIE_PUBLIC_URL be reached from"
            " outside?"
        ),
    ),
    "mails": (
        "Deze triggers mailen de klant ook: {names}. Voeg toe: “Labels bevat geen van {tag}”.",
        "These triggers mail the customer as well: {names}. Add “Tags contains none of {tag}”.",
    ),
    "no_mails": (
        "Geen trigger mailt klanten van Balie dubbel.",
        "No trigger mails Balie's customers as well.",
    ),
    "words_field_off": (
        (
            "Er is een veld “{name}”, maar het is uitgezet of geen tekstveld: zet het aan, of geef"
            " het een andere naam."
        ),
        (
            "There is a field “{name}”, but it is switched off or no text field: switch it on, or"
            " give it another name."
        ),
    ),
    "field_off": (
        (
            "Er is een veld “{name}”, maar het is uitgezet of geen keuzelijst: zet het aan, of"
            " geef het een andere naam."
        ),
        (
            "There is a field “{name}”, but it is switched off or no drop-down: switch it on, or"
            " give it another name."
        ),
    ),
}


def tell(ctx: Context, what: str, **values: object) -> str:
    """Return a sentence in the tenant's language."""
    dutch, english = _TEXTS[what]
    return (dutch if ctx.tenant.locale == "nl" else english).format(**values)

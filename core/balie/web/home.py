"""The front page: in the demo shop, phone and desk side by side, else a word of what this is."""

from flask import Blueprint, Response, render_template, request

from balie.run.services import Services

_TEXTS = {
    "en": {
        "running": "Balie is running",
        "what": "It puts WhatsApp into the helpdesk your team already has. Webhooks come in at",
        "health": "Whether all is well:",
        "explain": "A shop with a chat, the customer's phone and the agent's desk. "
        "Balie carries what is said between them.",
        "shop": "The shop",
        "phone": "The customer's phone",
        "desk": "The agent's desk",
        "to_shop": "Shop",
        "to_phone": "Phone",
        "to_desk": "Desk",
    },
    "nl": {
        "running": "Balie draait",
        "what": "Het brengt WhatsApp naar de helpdesk die je team al heeft. Webhooks komen aan op",
        "health": "Of alles goed gaat:",
        "explain": "Een winkel met een chat, de telefoon van de klant en het bureau van de "
        "medewerker. Balie brengt over wat ze zeggen.",
        "shop": "De winkel",
        "phone": "De telefoon van de klant",
        "desk": "Het bureau van de medewerker",
        "to_shop": "Winkel",
        "to_phone": "Telefoon",
        "to_desk": "Bureau",
    },
}


def home_blueprint(services: Services) -> Blueprint:
    """Return the page ``/``."""
    blueprint = Blueprint("home", __name__, template_folder="templates")
    desk = services.settings.demo_desk
    frames = desk or "'none'"

    @blueprint.get("/")
    def home() -> Response:
        page = "demo.html" if desk else "home.html"
        locale = request.accept_languages.best_match(_TEXTS, "en")
        response = Response(
            render_template(page, desk=desk, locale=locale, texts=_TEXTS[locale]),
            content_type="text/html; charset=utf-8",
        )
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'unsafe-inline'; frame-src {frames}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return response

    return blueprint

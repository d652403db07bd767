"""The sandbox's own pages: the phone, and phone and desk side by side."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from .bad_input import BadInput
from .graph import defaults
from .graph.control.finding import phone_as_json, phone_named
from .page_texts import TEXTS
from .sandbox import Sandbox

#: How long a page's question for news is held open.
LONG_POLL_SECONDS = 20.0
#: A load test may fill a phone; its page shows the end of it.
PAGE_MESSAGES = 300
#: What a text message holds at most.
MOST_WORDS = 4096


def pages_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the pages, mounted at the root."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def both() -> ResponseReturnValue:
        lang = language()
        return render_template("sandbox.html", lang=lang, texts=TEXTS[lang])

    @blueprint.get("/phone")
    def demo_phone() -> ResponseReturnValue:
        number = defaults.CUSTOMER_WA_ID
        return redirect(url_for("pages.phone", number=number, lang=request.args.get("lang")))

    @blueprint.get("/phone/<number>")
    def phone(number: str) -> ResponseReturnValue:
        lang = language()
        found = phone_named(sandbox.phones, number)
        numbers = sandbox.phones.numbers
        first = next(iter(numbers.values()))
        business = numbers.get(request.args.get("to", ""), first)
        return render_template(
            "phone.html",
            lang=lang,
            texts=TEXTS[lang],
            phone=found,
            business=business,
            words=request.args.get("text", "")[:MOST_WORDS],
        )

    @blueprint.get("/wa.me/<digits>")
    def click_to_chat(digits: str) -> ResponseReturnValue:
        """Open a chat as wa.me does: on the customer's phone, with words ready to be sent."""
        numbers = sandbox.phones.numbers.values()
        found = next((number.id for number in numbers if number.display == digits), None)
        if found is None:
            raise BadInput(f"There is no business with the number {digits!r} here.")
        return redirect(
            url_for(
                "pages.phone",
                number=defaults.CUSTOMER_WA_ID,
                to=found,
                text=request.args.get("text"),
                lang=request.args.get("lang"),
            )
        )

    @blueprint.get("/phone/<number>/news")
    def news(number: str) -> ResponseReturnValue:
        since = request.args.get("since", "0")
        if not since.isdecimal():
            raise BadInput("since must be the version of the last answer, a whole number.")
        found = phone_named(sandbox.phones, number)
        sandbox.phones.changes.wait(found.wa_id, int(since), LONG_POLL_SECONDS)
        # A reset meanwhile has put another phone in this one's place.
        shown = phone_as_json(sandbox.phones, phone_named(sandbox.phones, number))
        return jsonify(shown | {"messages": shown["messages"][-PAGE_MESSAGES:]})

    return blueprint


def language() -> str:
    """Return "nl" or "en": as ?lang= says, else as the browser asks."""
    asked = request.args.get("lang")
    if asked in TEXTS:
        return asked
    return request.accept_languages.best_match(list(TEXTS), default="en") or "en"

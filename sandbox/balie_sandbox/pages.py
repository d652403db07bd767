"""The sandbox's own pages: the phone, and phone and desk side by side."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from .sandbox import Sandbox


def pages_blueprint(sandbox: Sandbox) -> Blueprint:  # noqa: ARG001 - the phone page will read it
    """Return the pages, mounted at the root."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def both() -> ResponseReturnValue:
        return render_template("sandbox.html", lang=language())

    return blueprint


def language() -> str:
    """Return "nl" or "en": as ?lang= says, else as the browser asks."""
    asked = request.args.get("lang")
    if asked in ("nl", "en"):
        return asked
    return request.accept_languages.best_match(["en", "nl"], default="en") or "en"

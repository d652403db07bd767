"""Requests that are not done, and how that is told: a code for the widget, words for people."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify


class Refusal(Exception):
    """A request is not done. ``code`` names the sentence too, unless another is given."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        sentence: str = "",
        retry_after: int = 0,
        problems: Mapping[str, str] | None = None,
        **blanks: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence or code
        self.retry_after = retry_after
        #: By field the name of a sentence.
        self.problems = dict(problems or {})
        self.blanks = blanks


def invalid(**problems: str) -> Refusal:
    """Return the refusal of a request whose fields are wrong, each with the name of a sentence."""
    return Refusal(400, "invalid", problems=problems)


def answered(error: Refusal, words: Mapping[str, str], more: Mapping[str, Any]) -> Response:
    """Return a refusal as the widget reads it. ``words`` are by names of sentences."""
    body: dict[str, Any] = {"error": error.code, "text": words[error.sentence], **more}
    if error.problems:
        body["problems"] = {name: words[sentence] for name, sentence in error.problems.items()}
    response = jsonify(body)
    response.status_code = error.status
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response

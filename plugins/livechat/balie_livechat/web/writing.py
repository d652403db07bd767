"""A message as the widget sends it: read, checked, made into an event."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from balie.api import Context
from balie_livechat import prechat
from balie_livechat.availability.offer import topic_in
from balie_livechat.files import upload
from balie_livechat.identity.signing import NotOurs
from balie_livechat.identity.visitors import Visitor
from balie_livechat.web.desk import locale_of
from balie_livechat.web.refusals import invalid

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_MESSAGE_ID = re.compile(r"[0-9]{1,18}")
_CODE = re.compile(r"[A-Za-z0-9-]{10,40}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads one message of a visitor. ``is_first``: the questions before a talk are due."""

    ctx: Context
    visitor: Visitor
    given: Mapping[str, Any]
    is_first: bool

    def message(self) -> dict[str, Any]:
        """Return the message as it is kept. Raises Refusal."""
        text = self._words("text", self.ctx.config["text_limit"], "bad_text")
        files = self._files()
        choice = self._choice()
        if not (text or files or choice):
            raise invalid(text="bad_text")
        found = {
            "id": self._matching("id", _CLIENT_ID),
            "thread": self._matching("thread", _CLIENT_ID),
            "text": text,
            "files": files,
            "choice": choice,
            "quotes": self._matching("quotes", _MESSAGE_ID, required=False),
            "hop": self._matching("hop", _CODE, required=False).upper(),
            "topic": self._topic(),
            "language": locale_of(self.ctx),
        }
        if self.is_first:
            found |= self._form()
        return {name: value for name, value in found.items() if value}

    def _form(self) -> dict[str, Any]:
        written = self.ctx.config["fields_before"]
        fields = prechat.read_fields(orjson.loads(written) if written.strip() else [])
        locale = self.ctx.tenant.locale
        answers, wrong = prechat.answers(fields, self.given.get("fields"), locale)
        if wrong:
            raise invalid(**dict.fromkeys(wrong, "bad_field"))
        labels = {one.name: one.label_in(locale) for one in fields}
        return {"fields": answers, "labels": {name: labels[name] for name in answers}}

    def _topic(self) -> str:
        """Return what it is about as the agents call it."""
        topic = self._words("topic", 200, "invalid")
        return topic_in(self.ctx.config, topic, self.ctx.tenant.locale)

    def _choice(self) -> dict[str, str] | None:
        choice = self.given.get("choice")
        if choice is None:
            return None
        if not isinstance(choice, dict):
            raise invalid(choice="invalid")
        found = {name: choice.get(name) for name in ("id", "title")}
        if not all(isinstance(one, str) and 0 < len(one) <= 300 for one in found.values()):
            raise invalid(choice="invalid")
        return {name: _CONTROL.sub("", str(one)) for name, one in found.items()}

    def _files(self) -> list[dict[str, Any]]:
        refs = self.given.get("files") or []
        if not isinstance(refs, list) or len(refs) > _MOST_FILES:
            raise invalid(files="invalid")
        try:
            return [upload.opened(self.ctx, self.visitor, str(ref)) for ref in refs]
        except NotOurs:
            raise invalid(files="invalid") from None

    def _words(self, name: str, most: int, sentence: str) -> str:
        value = self.given.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most:
            raise invalid(**{name: sentence})
        return _CONTROL.sub("", value.replace("\r\n", "\n")).strip()

    def _matching(self, name: str, pattern: "re.Pattern[str]", *, required: bool = True) -> str:
        value = self.given.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise invalid(**{name: "invalid"})
        return value

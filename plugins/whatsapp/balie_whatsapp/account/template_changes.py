"""What Meta tells of templates."""

from collections.abc import Callable

from balie.api import Event, Severity, TemplateChanged
from balie_whatsapp.account.change import Change
from balie_whatsapp.templates.naming import cache_key, language_of
from balie_whatsapp.untrusted import joined, mapping, one_line

_STATUS_OF = {"REINSTATED": "APPROVED", "UNARCHIVED": "APPROVED", "FLAGGED": ""}
"""Events that are no status themselves; what is flagged can still be sent."""
_BAD = {
    "REJECTED": ("afgekeurd", "was rejected"),
    "PAUSED": ("gepauzeerd", "was paused"),
    "DISABLED": ("uitgeschakeld", "was disabled"),
    "FLAGGED": ("bijna uitgeschakeld", "is about to be disabled"),
    "LIMIT_EXCEEDED": ("over de limiet", "is past its limit"),
    "LOCKED": ("vergrendeld", "was locked"),
}


def read_template(change: Change) -> list[Event]:
    """Return what a field about a template means; none where it names no template."""
    return _READERS[change.field](change) if change.text("message_template_name") else []


def _status(change: Change) -> list[Event]:
    """Return a template's new status, and a warning where it can no longer be sent."""
    event, reason = change.text("event"), _reason(change)
    changed = _changed(change, status=_STATUS_OF.get(event, event), reason=reason)
    if event not in _BAD:
        return [changed]
    dutch, english = _BAD[event]
    text = change.say(f"Sjabloon {_named(change)}: {dutch}", f"Template {_named(change)} {english}")
    return [changed, change.notice(_topic(change), Severity.WARNING, text, reason)]


def _quality(change: Change) -> list[Event]:
    """Return a template's new quality, and a warning where it falls."""
    quality = change.text("new_quality_score")
    changed = _changed(change, quality=quality)
    if quality not in ("RED", "YELLOW"):
        return [changed]
    text = change.say(
        f"Sjabloon {_named(change)}: klanten waarderen het minder ({quality}).",
        f"Template {_named(change)}: customers like it less ({quality}).",
    )
    return [changed, change.notice(_topic(change), Severity.WARNING, text)]


def _components(change: Change) -> list[Event]:
    """Return that a template's text was changed; what is remembered of it no longer holds."""
    name, language = change.text("message_template_name"), _language(change)
    change.ctx.kv.delete(cache_key(name, language))
    text = change.say(
        f"De tekst van sjabloon {_named(change)} is gewijzigd.",
        f"The text of template {_named(change)} was changed.",
    )
    return [change.notice(_topic(change), Severity.INFO, text)]


def _category(change: Change) -> list[Event]:
    """Return a template's new category, which has another price, or that one is coming."""
    new, soon = change.text("new_category"), change.text("correct_category")
    if soon:
        text = change.say(
            f"Sjabloon {_named(change)} wordt binnen een dag {soon}; dat heeft een andere prijs.",
            f"Template {_named(change)} becomes {soon} within a day, at another price.",
        )
        return [change.notice(_topic(change), Severity.WARNING, text)]
    text = change.say(
        f"Sjabloon {_named(change)} is nu {new}; dat heeft een andere prijs.",
        f"Template {_named(change)} is {new} now, at another price.",
    )
    return [
        _changed(change, category=new),
        change.notice(_topic(change), Severity.WARNING, text),
    ]


def _changed(
    change: Change, status: str = "", category: str = "", quality: str = "", reason: str = ""
) -> TemplateChanged:
    return TemplateChanged(
        name=change.text("message_template_name"),
        language=_language(change),
        at=change.raw.at,
        status=status,
        category=category,
        quality=quality,
        reason=reason,
    )


def _language(change: Change) -> str:
    return language_of(change.text("message_template_language"))


def _named(change: Change) -> str:
    return f"{change.text('message_template_name')}/{_language(change)}"


def _topic(change: Change) -> str:
    return f"template:{_named(change)}"


def _reason(change: Change) -> str:
    """Return why: Meta's word, unless it is NONE, and what it says beside it."""
    word = change.text("reason")
    told = mapping(change.value.get("rejection_info"))
    other = mapping(change.value.get("other_info"))
    date = mapping(change.value.get("disable_info")).get("disable_date")
    return one_line(
        joined(
            "" if word == "NONE" else word,
            told.get("reason"),
            told.get("recommendation"),
            other.get("title"),
            other.get("description"),
            date,
        ),
        500,
    )


_READERS: dict[str, Callable[[Change], list[Event]]] = {
    "message_template_components_update": _components,
    "message_template_quality_update": _quality,
    "message_template_status_update": _status,
    "template_category_update": _category,
}

"""What is filed, in words for a helpdesk's views and rules: pure."""

from collections.abc import Iterable

from balie.api import Media, Unknown
from balie.desk.records import parts
from balie.desk.records.models import MessageRow

#: By what a note's key begins with.
_NOTES = {
    "failed": "delivery_failed",
    "late_send": "delivery_unknown",
    "unclear": "delivery_unknown",
    "unclear_end": "delivery_unknown",
    "held": "window_closed",
    "closes": "window_closing",
    "gap": "message_missing",
    "lost": "file_missing",
    "left_out": "delivery_failed",
    "released": "answer_sent",
    "recovered": "answer_sent",
    "rated_good": "rating_good",
    "rated_bad": "rating_bad",
}
#: Vendors' words for what they do not pass on.
_NOT_PASSED_ON = frozenset({"unsupported", "unknown"})


def of(messages: Iterable[MessageRow]) -> tuple[str, ...]:
    """Return what these messages are about, each word once."""
    return tuple(dict.fromkeys(tag for message in messages for tag in _of(message)))


def _of(message: MessageRow) -> Iterable[str]:
    note = _NOTES.get((message.note_key or "").partition(":")[0])
    if note is not None:
        yield note
    for part in parts.load(message.parts):
        if isinstance(part, Media) and part.failed:
            yield "file_missing"
        elif isinstance(part, Unknown) and part.type in _NOT_PASSED_ON:
            yield "unknown_type"

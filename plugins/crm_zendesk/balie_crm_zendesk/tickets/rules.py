"""The tenant's rules for tickets: which one a message goes into, and what a new one looks like."""

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from marshmallow import ValidationError, fields, validate

from balie.api import ConfigSchema, Rating

#: What templates may hold.
NAMES = ("channel", "name", "phone", "tenant")
PRIORITIES = ("urgent", "high", "normal", "low")
LONGEST_SUBJECT = 150

#: Of these, what tells who the customer is.
_WHO = ("name", "phone")
_ANYTHING = r"[\w-]+"

_TAG = re.compile(r"[^\w-]+")
_FIELD = re.compile(r"\s*([1-9][0-9]{0,18})\s*=(.*)", re.DOTALL)


class Template(fields.String):
    """A text with ``{name}`` where something is filled in, and nothing cleverer than that."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        check(text)
        return text


class TicketRules(ConfigSchema):
    """Settings for tickets."""

    subject = Template(
        load_default="{channel}: {name} {phone}",
        validate=validate.Length(min=1, error="is empty; leave it out for the usual subject."),
        metadata={
            "description": "A new ticket's subject. {channel}, {name}, {phone} and {tenant} are"
            " filled in."
        },
    )
    tags = Template(
        load_default="",
        metadata={"description": "Further tags for new tickets, divided by commas."},
    )
    group_id = fields.Integer(metadata={"description": "The group that gets new tickets."})
    brand_id = fields.Integer(metadata={"description": "The brand of new tickets."})
    ticket_form_id = fields.Integer(metadata={"description": "The form of new tickets."})
    priority = fields.String(
        validate=validate.OneOf(PRIORITIES, error="is none of urgent, high, normal, low."),
        metadata={"description": "The priority of new tickets."},
    )
    custom_fields = Template(
        load_default="",
        validate=lambda text: field_templates(text),  # noqa: PLW0108 - it is defined below
        metadata={
            "description": "Custom fields of new tickets as ID=value, divided by semicolons:"
            " 360001=whatsapp; 360002={phone}."
        },
    )
    reopen_days = fields.Integer(
        validate=validate.Range(0, 28, error="is to be from 0 to 28 days."),
        metadata={
            "description": "For how many days after the last change a solved ticket is reopened by"
            " a new message; after that the message opens another. Empty: until it is closed."
        },
    )
    ask_rating = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether customers are asked how it was, with two buttons, when a ticket"
            " is solved; not outside WhatsApp's 24 hours."
        },
    )
    rating_tone = fields.String(
        load_default="u",
        validate=validate.OneOf(("u", "je"), error="is neither u nor je."),
        metadata={"description": "How the customer is addressed in that question."},
    )
    rating_question = fields.String(
        load_default="",
        validate=validate.Length(max=1000, error="is longer than 1000 characters."),
        metadata={"description": "The question in words of your own. Empty: the usual one."},
    )
    follow_up = fields.Boolean(
        load_default=True,
        metadata={"description": "Whether what follows a closed ticket is linked to it."},
    )


def rating(config: Mapping[str, Any]) -> Rating | None:
    """Return how customers are asked how it was, if they are."""
    if not config["ask_rating"]:
        return None
    return Rating(tone=config["rating_tone"], question=config["rating_question"])


def check(template: str) -> None:
    """Raise ValidationError for a template that cannot be filled in."""
    try:
        found = list(Formatter().parse(template))
    except ValueError:
        raise ValidationError("has a { or } too many; write {{ or }} for one that stays.") from None
    for _, name, form, conversion in found:
        if name is not None and (name not in NAMES or form or conversion):
            raise ValidationError(
                f"holds {{{name}}}; what can be filled in is {{{'}, {'.join(NAMES)}}}."
            )


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return the text, in one line."""
    return " ".join(template.format_map({name: values.get(name, "") for name in NAMES}).split())


def as_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a text, written as Zendesk keeps them."""
    written = (_TAG.sub("_", one.strip().lower()).strip("_") for one in text.split(","))
    return tuple(one for one in written if one)


def tells_who(template: str) -> bool:
    """Say whether a template names the customer, or the number."""
    return any(name in _WHO for _, name, _, _ in Formatter().parse(template))


def tags_that_tell_who(template: str, tags: Iterable[str], tenant: str) -> list[str]:
    """Return which of these tags were made of the customer's name or number.

    Where the template leaves that open, as with ``{channel}, {name}``, all that may be are.
    """
    pieces = template.split(",")
    telling = [_pattern(one, tenant) for one in pieces if tells_who(one)]
    fixed = [_pattern(one, tenant) for one in pieces if one.strip() and not tells_who(one)]
    fixed = [one for one in fixed if one != _ANYTHING]
    return [
        tag
        for tag in tags
        if any(re.fullmatch(one, tag) for one in telling)
        and not any(re.fullmatch(one, tag) for one in fixed)
    ]


def _pattern(piece: str, tenant: str) -> str:
    """Return what a tag made of this piece of the template looks like."""
    written = ""
    for text, name, _, _ in Formatter().parse(piece.strip().lower()):
        written += re.escape(_TAG.sub("_", text))
        if name == "tenant":
            written += re.escape(_TAG.sub("_", tenant.lower()).strip("_"))
        elif name is not None:
            written += r"[\d_-]+" if name == "phone" else _ANYTHING
    return written.strip("_")


def field_templates(text: str) -> dict[int, str]:
    """Return custom fields' templates by the field's id. Raises ValidationError."""
    found = {}
    for one in filter(str.strip, text.split(";")):
        pair = _FIELD.fullmatch(one)
        if pair is None:
            raise ValidationError(f"holds {one.strip()!r}; write ID=value, divided by semicolons.")
        found[int(pair[1])] = pair[2].strip()
    return found

"""How tickets and comments came about: Zendesk's ``via``.

https://developer.zendesk.com/documentation/ticketing/reference-guides/via-object-reference/
"""

from collections.abc import Mapping

from marshmallow import fields

from .shapes import Shape


class _Source(Shape):
    rel = fields.String(load_default="", allow_none=True)
    to = fields.Raw(load_default=dict)
    from_ = fields.Raw(load_default=dict, data_key="from")


class Via(Shape):
    """The channel, and where in it something came from."""

    channel = fields.Raw(load_default="", allow_none=True)  # once in a while an id
    source = fields.Nested(_Source, load_default=dict, allow_none=True)


def tickets(place: object) -> tuple[int, ...]:
    """Return the numbers of the tickets that a source's ``from`` or ``to`` names."""
    if not isinstance(place, Mapping):
        return ()
    several = place.get("ticket_ids")
    given = [place.get("ticket_id"), *(several if isinstance(several, list) else ())]
    return tuple(one for one in given if isinstance(one, int) and not isinstance(one, bool))

"""How tickets and comments came about: Zendesk's ``via``. Any client may write some of it.

https://developer.zendesk.com/documentation/ticketing/reference-guides/via-object-reference/
"""

from dataclasses import dataclass

from .shapes import mapping, number, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """The channel, what something is to where it came from, and the tickets that this names."""

    channel: str
    relation: str
    to_tickets: tuple[int, ...]
    from_tickets: tuple[int, ...]


def via(data: object) -> Via:
    """Read it. What is odd says nothing."""
    found = mapping(data)
    source = mapping(found.get("source"))
    return Via(
        channel=str(found.get("channel") or ""),  # once in a while an id
        relation=text(source.get("rel")),
        to_tickets=_tickets(source.get("to")),
        from_tickets=_tickets(source.get("from")),
    )


def _tickets(place: object) -> tuple[int, ...]:
    found = mapping(place)
    several = found.get("ticket_ids")
    given = [found.get("ticket_id"), *(several if isinstance(several, list) else ())]
    return tuple(one for one in map(number, given) if one is not None)

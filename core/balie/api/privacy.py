"""A person's rights over their data: what a plugin is told of them, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Whose data a request is about, as one connection knows them.

    ``users`` are the ids under which a helpdesk knows the person; ``tickets`` its tickets in which
    something of theirs was filed, each with the ids of those comments, and ``others`` the comments
    in them that are somebody else's; ``conversations`` the ids that :attr:`Batch.conversation_id`
    had. ``whole``: all that there is of the person is concerned, and not single talks.
    ``rehearsal``: say what would be done and change nothing.
    """

    users: tuple[str, ...] = ()
    tickets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conversations: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    whole: bool = True
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What a vendor holds of a person, as JSON."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What came of erasing, in sentences for the admin that name nobody.

    ``done`` was erased, now or before. ``kept`` stays, by the settings or because the vendor has no
    way. ``left`` should have gone and did not: a person sees to it and tries again.
    """

    done: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

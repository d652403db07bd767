"""A person's rights over their data: what a plugin is told of them, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from balie.api.helpdesk import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """One line of a comment in a talk that several people share, such as a group.

    ``goes``: the person said it, or Balie said it of them; what somebody said who was erased before
    counts too, and the words may be gone from ``line`` already. ``quote_goes``: somebody else said
    it, which stays, and quotes what goes. Any other line stays as it was filed, as ``line`` says.
    """

    line: Line
    goes: bool = False
    quote_goes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Whose data a request is about, as one connection knows them.

    ``users`` are the ids under which a helpdesk knows the person; ``tickets`` its tickets in which
    something of theirs was filed, each with the ids of those comments, and ``others`` the comments
    in them that are somebody else's; ``conversations`` the ids that :attr:`Batch.conversation_id`
    had. ``among`` are tickets of talks that they share with others, each with the ids of the
    comments in which something of theirs stands, and all lines of those in their order: there only
    what goes is concerned. ``whole``: all that there is of the person is concerned, and not single
    talks. ``rehearsal``: say what would be done and change nothing.
    """

    users: tuple[str, ...] = ()
    tickets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conversations: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    among: Mapping[str, Mapping[str, tuple[Among, ...]]] = field(default_factory=dict)
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
    way. ``left`` should have gone and did not: a person sees to it and tries again. ``among``: what
    stands in :attr:`Concerned.among` was seen to as well; else the admin is told that it stays.
    """

    done: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    among: bool = False

"""How a person is known and reached."""

from dataclasses import dataclass
from enum import StrEnum


class AddressKind(StrEnum):
    """The ways in which a person is known."""

    PHONE = "phone"  # E.164
    BSUID = "bsuid"  # WhatsApp's business-scoped user id
    GROUP = "group"  # a group on a channel, addressed as one
    VISITOR = "visitor"  # a live chat visitor
    EMAIL = "email"  # shown to be theirs; one that was only typed is no address
    HELPDESK_USER = "helpdesk_user"  # the user's id in one helpdesk connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One way to reach or recognise a person."""

    kind: AddressKind
    value: str

"""All users of the account: lookups that a database answers at once, and their indexes."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from balie_sandbox.zendesk.errors import not_found

from .model import Identity, User


class Directory:
    """Users by id, by external_id (case-insensitive), by e-mail and by direct line."""

    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], int]) -> None:
        self.now = now
        self.new_id = new_id
        self._users: dict[int, User] = {}
        self._by_external_id: dict[str, int] = {}
        self._by_identity: dict[tuple[str, str], int] = {}

    def __iter__(self) -> Iterator[User]:
        return iter(list(self._users.values()))

    def add(self, user: User) -> None:
        self._users[user.id] = user

    def find(self, user_id: int | None) -> User | None:
        return self._users.get(user_id) if user_id is not None else None

    def get(self, user_id: int) -> User:
        """Raises ApiError (404). A deleted user is still found, with active false."""
        user = self._users.get(user_id)
        if user is None:
            raise not_found()
        return user

    def by_external_id(self, external_id: str) -> User | None:
        return self.find(self._by_external_id.get(external_id.lower()))

    def by_identity(self, kind: str, value: str) -> User | None:
        return self.find(self._by_identity.get((kind, identity_key(kind, value))))

    def set_external_id(self, user: User, external_id: str | None) -> None:
        """The caller has checked that it is free."""
        if user.external_id:
            self._by_external_id.pop(user.external_id.lower(), None)
        user.external_id = external_id
        if external_id:
            self._by_external_id[external_id.lower()] = user.id

    def add_identity(self, user: User, kind: str, value: str, *, verified: bool) -> Identity:
        """The caller has checked that it is free."""
        now = self.now()
        first = all(one.type != kind for one in user.identities)
        identity = Identity(self.new_id(), user.id, kind, value, verified, first, now, now)
        user.identities.append(identity)
        self._by_identity[kind, identity_key(kind, value)] = user.id
        return identity

    def change_identity(self, identity: Identity, value: str) -> None:
        """The caller has checked that it is free."""
        self._by_identity.pop((identity.type, identity_key(identity.type, identity.value)), None)
        identity.value, identity.updated_at = value, self.now()
        self._by_identity[identity.type, identity_key(identity.type, value)] = identity.user_id

    def drop_identity(self, user: User, identity: Identity) -> None:
        user.identities.remove(identity)
        self._by_identity.pop((identity.type, identity_key(identity.type, identity.value)), None)


def identity_key(kind: str, value: str) -> str:
    return digits(value) if kind == "phone_number" else value.strip().lower()


def digits(number: str) -> str:
    """Return a number's digits, by which two ways to write it are one."""
    return "".join(re.findall(r"[0-9]", number))

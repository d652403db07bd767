"""All tickets of the account."""

from collections.abc import Iterator

from balie_sandbox.zendesk.errors import not_found

from .model import Ticket


class TicketStore:
    """Tickets by id and by external_id, which need not be unique.

    Deleted ones are kept apart: nothing but `deleted` and `with_deleted` finds them.
    """

    def __init__(self) -> None:
        self._deleted: dict[int, Ticket] = {}
        self._tickets: dict[int, Ticket] = {}
        self._by_external_id: dict[str, list[int]] = {}

    def __iter__(self) -> Iterator[Ticket]:
        return iter(list(self._tickets.values()))

    def __len__(self) -> int:
        return len(self._tickets)

    def add(self, ticket: Ticket) -> None:
        self._tickets[ticket.id] = ticket

    def find(self, ticket_id: int | None) -> Ticket | None:
        return self._tickets.get(ticket_id) if ticket_id is not None else None

    def get(self, ticket_id: int) -> Ticket:
        """Raises ApiError (404)."""
        ticket = self._tickets.get(ticket_id)
        if ticket is None:
            raise not_found()
        return ticket

    def by_external_id(self, external_id: str) -> list[Ticket]:
        keys = self._by_external_id.get(external_id, [])
        return [self._tickets[one] for one in keys if one in self._tickets]

    def delete(self, ticket: Ticket) -> None:
        self._deleted[ticket.id] = self._tickets.pop(ticket.id)

    def restore(self, ticket: Ticket) -> None:
        self._tickets[ticket.id] = self._deleted.pop(ticket.id)

    def forget(self, ticket: Ticket) -> None:
        """Delete a deleted ticket for good."""
        self.set_external_id(ticket, None)
        del self._deleted[ticket.id]

    def deleted(self) -> list[Ticket]:
        return list(self._deleted.values())

    def with_deleted(self) -> list[Ticket]:
        return [*self._tickets.values(), *self._deleted.values()]

    def get_deleted(self, ticket_id: int) -> Ticket:
        """Raises ApiError (404)."""
        ticket = self._deleted.get(ticket_id)
        if ticket is None:
            raise not_found()
        return ticket

    def set_external_id(self, ticket: Ticket, external_id: str | None) -> None:
        if ticket.external_id is not None:
            self._by_external_id[ticket.external_id].remove(ticket.id)
        ticket.external_id = external_id
        if external_id is not None:
            self._by_external_id.setdefault(external_id, []).append(ticket.id)

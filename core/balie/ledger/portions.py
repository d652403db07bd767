"""Changing many lanes at once without standing in the way of who works in them, or brings news.

In portions, each in a transaction of its own, so that nobody waits for all of it; and each locked
in the order in which the door locks lanes, so that the two never wait for each other.
"""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import collate, select
from sqlalchemy.orm import Session

from balie.ledger.models import Lane
from balie.store import Store, StoreBusy

PORTION = 200
_TRIES = 3


def in_portions(
    store: Store, lane_ids: Sequence[int], change: Callable[[Session, Sequence[int]], None]
) -> None:
    """Let lanes be changed, portion by portion. What has changed when one fails stays so.

    ``change`` does nothing but write, and looks again: a portion in whose way another transaction
    was is done once more. Raises StoreUnavailable.
    """
    for portion in chunks(lane_ids, PORTION):
        for tries_left in reversed(range(_TRIES)):
            try:
                with store.writing() as session:
                    lock(session, portion)
                    change(session, portion)
                break
            except StoreBusy:
                if not tries_left:
                    raise


def lock(session: Session, lane_ids: Sequence[int]) -> None:
    """Lock lanes until the transaction ends. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        # The door sorts by the names' characters, whatever the database's language does.
        order = (Lane.connection_id, collate(Lane.name, "C"))
        these = select(Lane.id).where(Lane.id.in_(lane_ids)).order_by(*order)
        session.execute(these.with_for_update())


def chunks(ids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Cut a list into pieces of so many."""
    for start in range(0, len(ids), most):
        yield ids[start : start + most]

"""What a policy cannot mean fails where it makes it, and so nobody but itself."""

from datetime import datetime

import pytest

from balie.api import CallOff, EventKind, Later, Note, RawEvent, ReplyOnce

NAIVE = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 -- that is the point


@pytest.mark.parametrize(
    "make",
    [
        lambda: Note(key="k", text=None),
        lambda: Note(key=1, text="Dag"),
        lambda: ReplyOnce(key="k", text=b"Dag"),
        lambda: CallOff(key=None),
        lambda: Later(key="k", at=datetime.now().astimezone(), action=CallOff(key="k")),
    ],
)
def test_action_of_another_type_is_refused(make):
    with pytest.raises(TypeError):
        make()


def test_a30_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Later(key="k", at=NAIVE, action=Note(key="k", text="Dag"))
    with pytest.raises(ValueError, match="no time zone"):
        RawEvent(id="1", kind=EventKind.MESSAGE, lane="x", at=NAIVE)

"""What plugins reach of the core fails in the plugins' own errors."""

import pytest
from prometheus_client import CollectorRegistry
from tests.ledger.paper import HandClock

from balie.api import EventKind, RawEvent, TransientError
from balie.ledger.door import Door
from balie.run.metrics import Metrics
from balie.run.seams import Entrance
from balie.store import Store


def test_events_that_cannot_be_kept_are_to_be_sent_again(tmp_path):
    (tmp_path / "balie.db").mkdir()
    store, clock = Store(f"sqlite:///{tmp_path / 'balie.db'}"), HandClock()
    woken: list[int] = []
    door = Door(store, clock, lambda lane_id, _=0: woken.append(lane_id))
    metrics = Metrics(CollectorRegistry())
    accept = Entrance(door, metrics, tenant_id=1, connection_id=1, plugin="livechat")
    event = RawEvent(id="1", kind=EventKind.MESSAGE, lane="a", at=clock.now())

    with pytest.raises(TransientError):
        accept([event])

    assert woken == []
    assert metrics.registry.get_sample_value("balie_events_total") is None
    store.close()

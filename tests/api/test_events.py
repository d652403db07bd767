import dataclasses
import itertools

import pytest

from balie.api import Status, WebAnswer, climbs, events

LADDER = [Status.QUEUED, Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ]
CLIMBS = {
    *itertools.combinations(LADDER, 2),  # each to any that is higher
    (Status.QUEUED, Status.FAILED),
    (Status.ACCEPTED, Status.FAILED),
    (Status.SENT, Status.FAILED),
}
FACTS = [kind for kind in vars(events).values() if dataclasses.is_dataclass(kind)]


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, repeat=2)))
def test_status_climbs_only(old, new):
    assert climbs(old, new) is ((old, new) in CLIMBS)


@pytest.mark.parametrize(
    "order", list(itertools.permutations([Status.SENT, Status.DELIVERED, Status.READ]))
)
def test_statuses_in_any_order_end_at_the_highest(order):
    reached = Status.ACCEPTED
    for status in order:
        reached = status if climbs(reached, status) else reached

    assert reached is Status.READ


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_fact_is_frozen_slotted_and_by_keyword(fact):
    assert fact.__dataclass_params__.frozen
    assert not hasattr(fact, "__dict__") or "__slots__" in vars(fact)
    assert all(field.kw_only for field in dataclasses.fields(fact))


def test_answer_to_a_vendor_is_a_plain_200_unless_said():
    assert WebAnswer() == WebAnswer(status=200, body="", content_type="text/plain; charset=utf-8")

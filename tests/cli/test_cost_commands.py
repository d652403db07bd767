"""What messages cost, on the command line."""

from datetime import UTC, datetime

import pytest

from balie.desk import costs
from balie.desk.costs import CostRow

from .vendor import CHAT


def count(inside, number: int, category: str, kind: str, *, billable: bool) -> None:
    row = inside.directory.connection("winkel", "chat")
    at = datetime(2026, 11, 5, tzinfo=UTC)
    with inside.store.writing() as session:
        session.add_all(
            CostRow(
                tenant_id=row.tenant_id,
                connection_id=row.id,
                channel_id=f"{category}-{kind}-{one}",
                month=costs.month_of(at),
                category=category,
                type=kind,
                billable=billable,
                country="NL",
                at=at,
            )
            for one in range(number)
        )


def test_costs_are_totalled_and_what_is_free_counted_down(shop, inside):
    count(inside, 3, "utility", "regular", billable=True)
    count(inside, 12, "service", "free_customer_service", billable=False)
    assert shop("costs", CHAT, "--budget", "500").code == 0
    told = shop("costs", "winkel", "--month", "2026-11", "--json").json

    assert told == {
        "month": "2026-11",
        "connections": [
            {
                "connection": "chat",
                "totals": [
                    {"category": "utility", "type": "regular", "charged": True, "messages": 3},
                    {
                        "category": "service",
                        "type": "free_customer_service",
                        "charged": False,
                        "messages": 12,
                    },
                ],
                "charged": 3,
                "free": 12,
                "countries": {"NL": 3},
                "budget": 500,
                "free_left": 988,
                "free_of": 1000,
            }
        ],
    }
    said = shop("costs", "winkel", "--month", "2026-11").out
    assert "chat: 3 charged, 12 free" in said
    assert "free messages left: 988 of 1000" in said
    assert "charged by country: NL 3" in said


def test_costs_of_a_month_without_messages(shop):
    told = shop("costs", "winkel", "--month", "2025-01", "--json").json

    assert [(one["charged"], one["free_left"]) for one in told["connections"]] == [(0, 1000)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("winkel", "--month", "2026-13"), 2),
        (("winkel", "--month", "nov"), 2),
        (("winkel", "--budget", "5"), 2),
        (("winkel/chat", "--budget", "-1"), 2),
        (("nobody",), 1),
        (("winkel/nothing",), 1),
    ],
)
def test_costs_asked_wrongly_are_refused(shop, arguments, code):
    refused = shop("costs", *arguments)

    assert (refused.code, refused.out) == (code, "")


def test_budget_is_taken_away_by_0(shop):
    shop("costs", CHAT, "--budget", "5")
    assert shop("costs", CHAT, "--budget", "0").out == "chat: no budget any more\n"

    (one,) = shop("costs", CHAT, "--json").json["connections"]
    assert one["budget"] is None

"""Balie dies at commits and outbound calls of the story, before and after them.

Here at a spread of them; ``make bench-crash`` takes each.

Afterwards the vendors' own record must show one ticket, one comment a message, one message on the
phone per answer, all in order; and the ledger must balance, with nothing under way.
"""

import sys

import pytest
from tests.crash.points_run import LEFT_TO_LAPSE, POSTGRESQL, SQLITE, WAITING

#: The story holds at least so many commits and calls; fewer would mean that some go unseen.
FEWEST_POINTS = 90
#: Many times fewer than there are points: this is a spread.
FEWEST_DEATHS = {SQLITE: 14, POSTGRESQL: 4, WAITING: 2}


def test_story_has_the_same_points_on_both_databases(deaths):
    found = {name: {point.at for point in points} for name, points in deaths.points.items()}

    assert found[SQLITE] == found[POSTGRESQL]
    assert len(found[SQLITE]) >= FEWEST_POINTS


def test_points_are_the_commits_and_the_calls_of_the_whole_story(deaths):
    kinds = {point.at.rpartition(" ")[0] for point in deaths.points[SQLITE]}

    works = ["value", "door", "lane taken", "message", "file", "ticket", "send", "status"]
    calls = {kind for kind in kinds if "/" in kind}
    commits = {f"{when} {one} commit" for when in ("before", "after") for one in works}
    assert commits - kinds == set()
    assert {one for one in kinds - calls if one.endswith("other commit")} == set()
    writes = {call.partition(" ")[2] for call in calls if "GET" not in call}
    assert writes >= {
        "POST /zendesk/oauth/tokens",
        "POST /zendesk/api/v2/users",
        "POST /zendesk/api/v2/tickets",
        "PUT /zendesk/api/v2/tickets/N",
        "POST /graph/v24.0/N/messages",
    }


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL, WAITING])
def test_death_at_a_point_loses_doubles_and_disorders_nothing(deaths, database):
    outcomes = deaths.outcomes[database]

    assert [one.at for one in outcomes if not one.killed] == []
    assert {one.at: one.verdict.problems for one in outcomes if not one.verdict.is_clean} == {}


def test_deaths_are_spread_over_the_whole_story(deaths, capsys):
    with capsys.disabled():  # to where it is seen also when tests run in several processes
        sys.stderr.write("\n" + "\n".join(deaths.summary()) + "\n")

    died = {name: {one.at for one in found} for name, found in deaths.outcomes.items()}

    assert [name for name, fewest in FEWEST_DEATHS.items() if len(died[name]) < fewest] == []
    for name, found in died.items():
        assert found <= {point.at for point in deaths.points[name]}
    assert died[WAITING] == set(LEFT_TO_LAPSE)

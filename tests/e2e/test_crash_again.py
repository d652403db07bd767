"""Balie is killed and stays away for long, or is killed again and again under load."""

import random
import time

from tests.e2e.whole import new_customer, running, wait_until

RECONCILE_SECONDS = 3
#: What was on its way when Balie died lands at the vendor this much later.
LATE_SECONDS = 0.8
SETTLE_SECONDS = 60.0


def test_kill_and_a_long_time_down_sends_no_answer_twice(tmp_path):
    """While Balie was down no status could prove the send, so it waits for one once it is up."""
    settings = {"channel_settings": {"reconcile_seconds": RECONCILE_SECONDS}}
    with running(tmp_path, **settings) as whole:
        number = new_customer()
        whole.write(number, "Is de winkel open?")
        ticket = whole.ticket(number)
        whole.settle()
        send = {"method": "POST", "path": "/messages$", "seconds": LATE_SECONDS}
        whole.fault("graph", "slow", count=1, **send)
        whole.answer(ticket, "Ja.")
        wait_until(lambda: whole.struck() == [1])
        whole.stage.kill_balie()
        time.sleep(RECONCILE_SECONDS + 0.5)
        assert [message["text"] for message in whole.shown(number)] == ["Ja."]

        whole.stage.start_balie()

        assert whole.settle().difference == 0
        assert [message["text"] for message in whole.shown(number)] == ["Ja."]


def test_kill_again_and_again_under_load_loses_and_doubles_nothing(tmp_path):
    """Ten customers write five messages each and are answered, while Balie dies three times."""
    chance = random.Random(7)
    settings = {
        "channel_settings": {"reconcile_seconds": RECONCILE_SECONDS},
        "helpdesk_settings": {"reconcile_every": 1},
    }
    limits = {"account_update_limit": 10_000, "incremental_lag_seconds": 0}
    with running(tmp_path, **settings) as whole:
        whole.stage.control("POST", "zendesk/settings", limits | {"incremental_limit": 1_000})
        numbers = [new_customer() for _ in range(10)]
        for number in numbers:
            whole.write(number, "Nummer 0.")
        tickets = {number: whole.ticket(number) for number in numbers}
        kills = iter((13, 27, 38, None))
        kill = next(kills)
        for turn in range(1, 5):
            for place, number in enumerate(chance.sample(numbers, len(numbers))):
                whole.write(number, f"Nummer {turn}.")
                if turn % 2:
                    whole.answer(tickets[number], f"Antwoord {turn}.")
                if (turn - 1) * len(numbers) + place == kill:
                    whole.stage.kill_balie()
                    whole.stage.start_balie()
                    kill = next(kills)
        whole.settle(SETTLE_SECONDS)
        # Zendesk gives its webhooks up where a start takes longer than its tries.
        whole.reconcile()
        balance = whole.settle(SETTLE_SECONDS)

        assert (balance.difference, balance.parked) == (0, 0)
        for number in numbers:
            [ticket] = whole.tickets(number)
            said = "\n".join(
                one["body"] for one in ticket["comments"] if one["author"]["role"] == "end-user"
            )
            # Not their order: what Meta had to send again comes after what it sent meanwhile.
            assert [said.count(f"Nummer {turn}.") for turn in range(5)] == [1] * 5
            shown = [message["text"] for message in whole.shown(number)]
            assert shown == ["Antwoord 1.", "Antwoord 3."]

"""Web, workers and schedulers apart: nothing is lost, doubled or out of order, whoever goes."""

import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import requests
from tests.e2e.whole import Whole, new_customer, signature, text, wait_until, webhook
from tests.grown.apart import Apart, leader, leased, seen_pids

CUSTOMERS, TURNS = 20, 5
LEASES_END_SECONDS = 60.0
TAKEOVER_SECONDS = 10.0
HAND_OVER_SECONDS = 3.0
PAUSE_SECONDS = 0.2
WORKERS = ("worker-1", "worker-2")


def parts(whole: Whole) -> Apart:
    assert isinstance(whole.stage, Apart)
    return whole.stage


def said(whole: Whole, number: str) -> list[int]:
    """The numbers of a customer's messages as they stand in the tickets, in order."""
    comments = [
        comment["body"]
        for ticket in whole.tickets(number)
        for comment in ticket["comments"]
        if comment["author"]["role"] == "end-user"
    ]
    return [int(found) for found in re.findall(r"Nummer (\d+)\.", "\n".join(comments))]


def burst(whole: Whole, numbers: list[str], turns: range) -> None:
    for turn in turns:
        for number in numbers:
            whole.write(number, f"Nummer {turn}.")


def assert_all_there(whole: Whole, numbers: list[str], turns: int) -> None:
    balance = whole.balance()
    assert (balance.difference, balance.in_flight, balance.parked) == (0, 0, 0)
    assert {number: said(whole, number) for number in numbers} == {
        number: list(range(turns)) for number in numbers
    }
    assert [len(whole.tickets(number)) for number in numbers] == [1] * len(numbers)


def test_story_from_end_to_end(whole):
    number = new_customer()

    whole.write(number, "Goedemorgen!")
    whole.answer(whole.ticket(number), "Goedemorgen, wat kan ik doen?")
    wait_until(lambda: whole.shown(number))
    whole.stage.control("POST", f"whatsapp/phones/{number}/read")
    balance = whole.settle()

    assert [message["text"] for message in whole.shown(number)] == ["Goedemorgen, wat kan ik doen?"]
    assert whole.comments(number) == ["Goedemorgen!", "Goedemorgen, wat kan ik doen?"]
    assert (balance.difference, balance.parked) == (0, 0)


def test_workers_told_to_stop_in_a_burst_hand_everything_back(whole):
    stage = parts(whole)
    numbers = [new_customer() for _ in range(CUSTOMERS)]

    burst(whole, numbers, range(2))
    for name in WORKERS:
        stage.parts[name].terminate()
    for name in WORKERS:
        stage.stop_part(name)
    burst(whole, numbers, range(2, 4))

    assert leased(stage.database_url) == 0
    assert whole.balance().in_flight > 0
    for name in WORKERS:
        stage.start_part(name)
    burst(whole, numbers, range(4, TURNS))
    whole.settle()
    assert_all_there(whole, numbers, TURNS)


def test_worker_killed_in_a_burst_loses_and_doubles_nothing(on_postgresql):
    whole, stage = on_postgresql, parts(on_postgresql)
    numbers = [new_customer() for _ in range(CUSTOMERS)]

    burst(whole, numbers, range(3))
    wait_until(lambda: leased(stage.database_url))
    stage.kill_part("worker-1")
    burst(whole, numbers, range(3, TURNS))
    stage.start_part("worker-1")
    whole.settle(LEASES_END_SECONDS)

    assert_all_there(whole, numbers, TURNS)


def test_second_scheduler_leads_when_the_first_is_killed(on_postgresql):
    stage = parts(on_postgresql)
    stage.start_part("scheduler-2")
    first, second = stage.parts["scheduler-1"].pid, stage.parts["scheduler-2"].pid
    wait_until(lambda: "follows" not in stage.log_of("scheduler-2") and second in pids(stage))
    assert leader(stage.database_url) == first

    stage.kill_part("scheduler-1")
    wait_until(lambda: leader(stage.database_url) == second, TAKEOVER_SECONDS)

    # Told to stop it hands the lead over at once, to the one that has come back.
    stage.start_part("scheduler-1")
    first = stage.parts["scheduler-1"].pid
    wait_until(lambda: first in pids(stage))
    stage.stop_part("scheduler-2")
    wait_until(lambda: leader(stage.database_url) == first, HAND_OVER_SECONDS)


def test_missing_worker_is_told_by_the_web_and_the_doctor(on_postgresql):
    stage = parts(on_postgresql)
    for name in WORKERS:
        stage.stop_part(name)

    missing = stage.ready()
    diagnosis = doctor(stage)
    for name in WORKERS:
        stage.start_part(name)
    wait_until(stage.is_complete)

    assert (missing["ok"], list(missing["missing"])) == (True, ["worker"])
    assert missing["missing"]["worker"].endswith("Start one: balie worker")
    assert diagnosis["worker"] == (False, missing["missing"]["worker"])
    assert diagnosis["scheduler"] == (True, "2 running")
    assert doctor(stage, "--here", "worker") == {"worker": (True, "2 running here")}


def test_rolling_restart_under_traffic_loses_nothing(on_redis):
    whole, stage = on_redis, parts(on_redis)
    stage.start_part("web-2")
    wait_until(lambda: stage.ready(stage.second_port).get("ok"))
    numbers = [new_customer() for _ in range(6)]
    for number in numbers:
        whole.write(number, "Nummer 0.")
    tickets = {number: whole.ticket(number) for number in numbers}
    traffic = Traffic(stage)

    with ThreadPoolExecutor(len(numbers)) as pool:
        sending = [pool.submit(traffic.of, number) for number in numbers]
        try:
            for name in ("web-1", "web-2", *WORKERS, "scheduler-1"):
                stage.restart_part(name)
                if name in WORKERS:
                    for number in numbers:
                        whole.answer(tickets[number], f"Antwoord van {name}.")
        finally:
            traffic.ends.set()
    turns = {number: sent.result() for number, sent in zip(numbers, sending, strict=True)}
    balance = whole.settle(LEASES_END_SECONDS)
    stage.stop_part("web-2")

    assert set(traffic.answers) == {200}
    assert (balance.difference, balance.parked) == (0, 0)
    for number in numbers:
        assert said(whole, number) == list(range(turns[number]))
        shown = [message["text"] for message in whole.shown(number)]
        assert shown == [f"Antwoord van {name}." for name in WORKERS]


def test_redis_stopped_in_the_middle_delays_and_no_more(on_redis, redis):
    whole = on_redis
    numbers = [new_customer() for _ in range(CUSTOMERS)]

    burst(whole, numbers, range(2))
    redis.stop()
    burst(whole, numbers, range(2, 4))
    whole.settle()
    redis.start()
    burst(whole, numbers, range(4, TURNS))
    whole.settle()

    assert_all_there(whole, numbers, TURNS)
    log = parts(whole).log_of("worker-1")
    assert (log.count("queue_away"), log.count("queue_back")) == (1, 1)


class Traffic:
    """Customers who write all the time, over whichever web answers, as a load balancer sends it."""

    def __init__(self, stage: Apart) -> None:
        self.ends = threading.Event()
        self.answers: Counter[int] = Counter()
        self._ports = (stage.port, stage.second_port)

    def of(self, number: str) -> int:
        """Write until told to end; return the number of the next message."""
        with requests.Session() as http:
            for turn in count(1):
                body = webhook(text(number, f"Nummer {turn}."))
                while not self._sent(http, body, turn):
                    time.sleep(0.05)
                if self.ends.wait(PAUSE_SECONDS):
                    return turn + 1
        raise AssertionError

    def _sent(self, http: requests.Session, body: bytes, turn: int) -> bool:
        headers = {"X-Hub-Signature-256": signature(body)}
        for port in (self._ports[turn % 2], self._ports[1 - turn % 2]):
            url = f"http://127.0.0.1:{port}/hooks/demo/whatsapp"
            try:
                answer = http.post(url, data=body, headers=headers, timeout=10)
            except requests.ConnectionError:
                continue
            self.answers[answer.status_code] += 1
            if answer.ok:
                return True
        return False


def pids(stage: Apart) -> set[int]:
    return seen_pids(stage.database_url)


def doctor(stage: Apart, *options: str) -> dict[str, tuple[bool, str]]:
    """What the real command says, by what it looks at."""
    command = [sys.executable, "-m", "balie.cli", "doctor", "--json", *options]
    done = subprocess.run(
        command, env=stage.environment(), capture_output=True, check=False, timeout=30
    )
    return {row["what"]: (row["ok"], row["text"]) for row in json.loads(done.stdout)}

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
from tests.e2e.chatting import Browser, add_widget, ticket_with
from tests.e2e.whole import Whole, new_customer, signature, text, wait_until, webhook
from tests.grown.apart import Apart, leader, leased, seen_pids

CUSTOMERS, TURNS = 12, 5
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


def test_visitor_hears_from_whichever_process(whole):
    """The stream is in one web process, a worker sends the answer; Redis or PostgreSQL tell."""
    add_widget(whole, absent_seconds=0.0)
    browsers = [Browser.of(whole) for _ in range(4)]
    for place, browser in enumerate(browsers):
        browser.listen()
        browser.say(f"Bezoeker {place} van {whole.stage.port}")
    for place, browser in enumerate(browsers):
        browser.hears(f"Bezoeker {place} van {whole.stage.port}")
        ticket = ticket_with(whole, f"Bezoeker {place} van {whole.stage.port}")
        whole.answer(ticket, f"Antwoord aan {place}")

    for place, browser in enumerate(browsers):
        browser.hears(f"Bezoeker {place} van {whole.stage.port}", f"Antwoord aan {place}")
    assert whole.settle().difference == 0


def test_workers_told_to_stop_in_a_burst_hand_everything_back(on_redis):
    whole, stage = on_redis, parts(on_redis)
    numbers = [new_customer() for _ in range(CUSTOMERS)]

    burst(whole, numbers, range(2))
    stage.stop_parts(*WORKERS)
    burst(whole, numbers, range(2, 4))

    assert leased(stage.database_url) == 0
    assert whole.balance().in_flight > 0
    for name in WORKERS:
        stage.start_part(name)
    burst(whole, numbers, range(4, TURNS))
    whole.settle()
    assert_all_there(whole, numbers, TURNS)


def test_missing_part_is_told_by_the_web_and_the_doctor(on_postgresql):
    stage = parts(on_postgresql)
    wait_until(stage.is_complete)
    stage.stop_parts("scheduler-1")

    ready = stage.ready()
    diagnosis = doctor(stage)
    stage.start_part("scheduler-1")
    wait_until(stage.is_complete)

    sentence = (
        "no scheduler was seen for 30 s; retries, and wake-ups that were lost, wait. "
        "Start one: balie scheduler"
    )
    assert (ready["ok"], ready["missing"]) == (True, {"scheduler": sentence})
    assert diagnosis["scheduler"] == (False, sentence)
    assert diagnosis["worker"] == (True, "2 running")
    assert doctor(stage, "--here", "scheduler") == {"scheduler": (True, "1 running here")}


def test_worker_and_leader_killed_in_a_burst_lose_and_double_nothing(on_postgresql):
    whole, stage = on_postgresql, parts(on_postgresql)
    numbers = [new_customer() for _ in range(CUSTOMERS)]
    stage.start_part("scheduler-2")
    second = stage.parts["scheduler-2"].pid
    wait_until(lambda: second in seen_pids(stage.database_url))
    assert leader(stage.database_url) == stage.parts["scheduler-1"].pid

    burst(whole, numbers, range(3))
    wait_until(lambda: leased(stage.database_url))
    stage.kill_part("worker-1")
    stage.kill_part("scheduler-1")
    wait_until(lambda: leader(stage.database_url) == second)

    burst(whole, numbers, range(3, TURNS))
    stage.start_part("worker-1")
    stage.start_part("scheduler-1")
    whole.settle()
    assert_all_there(whole, numbers, TURNS)


def test_leader_told_to_stop_hands_the_lead_over_at_once(on_postgresql):
    stage = parts(on_postgresql)
    first = stage.parts["scheduler-1"].pid
    assert leader(stage.database_url) == stage.parts["scheduler-2"].pid

    stage.stop_parts("scheduler-2")

    wait_until(lambda: leader(stage.database_url) == first)


def test_rolling_restart_under_traffic_loses_nothing(on_redis):
    whole, stage = on_redis, parts(on_redis)
    numbers = [new_customer() for _ in range(6)]
    for number in numbers:
        whole.write(number, "Nummer 0.")
    tickets = {number: whole.ticket(number) for number in numbers}
    traffic = Traffic(whole)

    with ThreadPoolExecutor(len(numbers)) as pool:
        sending = [pool.submit(traffic.of, number) for number in numbers]
        try:
            stage.replace("web", "worker-1")
            for number in numbers:
                whole.answer(tickets[number], "Antwoord 1.")
            stage.replace("worker-2", "scheduler-1")
        finally:
            traffic.ends.set()
    turns = {number: sent.result() for number, sent in zip(numbers, sending, strict=True)}
    balance = whole.settle()

    assert set(traffic.answers) == {200}
    assert (balance.difference, balance.parked) == (0, 0)
    assert {number: said(whole, number) for number in numbers} == {
        number: list(range(turns[number])) for number in numbers
    }
    shown = [[message["text"] for message in whole.shown(number)] for number in numbers]
    assert shown == [["Antwoord 1."]] * len(numbers)


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
    """Customers who write all the time, through a sender that sends again what got no 200."""

    def __init__(self, whole: Whole) -> None:
        self.ends = threading.Event()
        self.answers: Counter[int] = Counter()
        self._url = f"{whole.stage.url}/hooks/demo/whatsapp"

    def of(self, number: str) -> int:
        """Write until told to end; return the number of the next message."""
        with requests.Session() as http:
            for turn in count(1):
                body = webhook(text(number, f"Nummer {turn}."))
                while not self._sent(http, body):
                    time.sleep(PAUSE_SECONDS)
                if self.ends.wait(PAUSE_SECONDS):
                    return turn + 1
        raise AssertionError

    def _sent(self, http: requests.Session, body: bytes) -> bool:
        headers = {"X-Hub-Signature-256": signature(body)}
        try:
            answer = http.post(self._url, data=body, headers=headers, timeout=10)
        except requests.ConnectionError:
            return False
        self.answers[answer.status_code] += 1
        return answer.ok


def doctor(stage: Apart, *options: str) -> dict[str, tuple[bool, str]]:
    """What the real command says, by what it looks at."""
    command = [sys.executable, "-m", "balie.cli", "doctor", "--json", *options]
    done = subprocess.run(
        command, env=stage.environment(), capture_output=True, check=False, timeout=30
    )
    return {row["what"]: (row["ok"], row["text"]) for row in json.loads(done.stdout)}

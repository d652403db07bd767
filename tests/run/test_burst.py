"""T3: a hundred customers write twenty numbered messages each, all at the same time."""

import random
from concurrent.futures import ThreadPoolExecutor

from tests.databases import ON_SQLITE
from tests.ledger.paper import NOON, Paper
from tests.run.test_services import idle, wait_until

CUSTOMERS, MESSAGES = 100, 20
TOGETHER = 25
"""So many come in one webhook, whosever they are."""


@ON_SQLITE
def test_t3_twenty_messages_of_a_hundred_customers_are_all_there_in_order(paper: Paper):
    events = [
        paper.message(f"{customer} {number}", sender=f"+3165550{customer:04}", at=NOON)
        for number in range(MESSAGES)
        for customer in range(CUSTOMERS)
    ]
    webhooks = [events[start : start + TOGETHER] for start in range(0, len(events), TOGETHER)]
    again = random.Random(3).sample(webhooks, 8)
    services = paper.services
    services.start()
    try:
        for group in range(0, len(webhooks), 4):  # a customer's own come one after another
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda some: paper.accept(*some), webhooks[group : group + 4]))
        for webhook in again:
            paper.accept(*webhook)
        wait_until(lambda: idle(paper), 60)
    finally:
        services.stop()

    said: dict[str, list[str]] = {}
    for comment in paper.filed():
        for line in comment:
            said.setdefault(line.split()[0], []).append(line)
    assert said == {
        str(customer): [f"{customer} {number}" for number in range(MESSAGES)]
        for customer in range(CUSTOMERS)
    }
    assert len(paper.tickets()) == CUSTOMERS
    assert paper.differences() == [0]

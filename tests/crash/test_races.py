"""T4: an album posted to four workers at the same time is one conversation in one ticket."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
import requests
from sqlalchemy import select
from tests.crash.rig import Rig, rig
from tests.crash.verdict import Told, judged
from tests.e2e.whole import database_of_its_own, signature, text, webhook

from balie.desk.records.models import ConversationRow, Direction, MessageRow, PersonRow

IMAGES, WORKERS, TIMES = 10, 4, 5


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    """A rig on each database; on PostgreSQL as many Balies as there are workers."""
    folder = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        with rig(folder) as made:
            yield made
        return
    uri = request.getfixturevalue("postgresql")
    with database_of_its_own(uri) as url, rig(folder, url) as made:
        yield made


def started(made: Rig) -> list[int]:
    """Start afresh; return the ports to post to."""
    made.fresh()
    made.start_balie()
    if made.store.is_sqlite:  # which one process has, with 32 workers in it
        return [made.port]
    return [made.port, *(made.start_beside() for _ in range(WORKERS - 1))]


def post_at_once(ports: Sequence[int], bodies: Sequence[bytes]) -> list[int]:
    """Post all bodies at the same moment, each to the next port; return the answers' statuses."""
    start = threading.Barrier(len(bodies))

    def post(port: int, body: bytes) -> int:
        url = f"http://127.0.0.1:{port}/hooks/demo/whatsapp"
        headers = {"X-Hub-Signature-256": signature(body)}
        start.wait()
        return requests.post(url, data=body, headers=headers, timeout=20).status_code

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(post, cycle(ports), bodies))


def image(number: str, place: int) -> bytes:
    """One image of an album, as a webhook of its own."""
    picture = {"id": f"90000000000{place}", "mime_type": "image/jpeg", "sha256": "c2hhMjU2"}
    said = text(number, "", type="image", image=picture | {"caption": f"Foto {place}."})
    del said["text"]
    return webhook(said)


def rows(made: Rig, model: type) -> list:
    with made.store.reading() as session:
        return list(session.scalars(select(model)))


def test_album_of_ten_images_is_one_conversation_in_one_ticket(crowded):
    number = "31655501601"
    ports = started(crowded)

    statuses = post_at_once(ports, [image(number, place) for place in range(IMAGES)])
    crowded.wait_until(crowded.rests)
    verdict = judged(crowded, [album(number)])
    crowded.kill_balie()

    assert statuses == [200] * IMAGES
    assert len(rows(crowded, PersonRow)) == len(rows(crowded, ConversationRow)) == 1
    assert verdict.problems == []


def test_albums_of_several_customers_stay_apart(crowded):
    numbers = [f"3165550161{place}" for place in range(3)]
    ports = started(crowded)

    bodies = [image(number, place) for place in range(IMAGES) for number in numbers]
    statuses = post_at_once(ports, bodies)
    crowded.wait_until(crowded.rests)
    verdict = judged(crowded, [album(number) for number in numbers])
    crowded.kill_balie()

    assert statuses == [200] * len(bodies)
    assert len(rows(crowded, ConversationRow)) == len(numbers)
    assert verdict.problems == []


def test_same_webhook_five_times_in_parallel_is_one_message(crowded):
    number = "31655501621"
    ports = started(crowded)
    body = webhook(text(number, "Maar een keer."))

    statuses = post_at_once(ports, [body] * TIMES)
    crowded.wait_until(crowded.rests)
    verdict = judged(crowded, [Told(number, texts=["Maar een keer."])])
    crowded.kill_balie()

    assert statuses == [200] * TIMES
    assert [one.direction for one in rows(crowded, MessageRow)] == [Direction.INBOUND]
    assert verdict.problems == []


def album(number: str) -> Told:
    captions = [f"Foto {place}." for place in range(IMAGES)]
    # Posted at once, so that they have no order.
    return Told(number, texts=captions, anywhere=set(captions))

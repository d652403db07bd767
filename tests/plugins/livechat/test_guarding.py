"""Sites, frames, throttles: who is let in, how often, and how that is told."""

import pytest

from balie.api import Connection, Context, Tenant
from balie.ledger.models import Item
from balie_livechat.config import Config
from balie_livechat.texts import waiting_time
from balie_livechat.web.origins import frame_ancestors, is_allowed
from balie_livechat.web.throttle import Throttle

from .on_sqlite import database_url  # noqa: F401 -- a fixture
from .visiting import SHOP

EVIL = "https://evil.example"


def test_a15_session_is_begun_on_an_allowed_site_only(visit):
    refused = [
        visit().begin(page=EVIL),
        visit().begin(page=""),
        visit().begin(page="null"),
        visit().begin(page=f"{SHOP}.evil.example"),
        visit().begin(page="http://shop.example"),
        visit(origin=EVIL).begin(),
        visit(origin=EVIL).begin(page=SHOP),
        visit(origin="null").begin(page=SHOP),
    ]

    assert {(told.status_code, told.json["error"]) for told in refused} == {(403, "origin")}
    assert visit().begin(page=SHOP).status_code == 200
    assert visit(origin=SHOP).begin(page="").status_code == 200
    assert visit(origin="http://localhost").begin(page=SHOP).status_code == 200


def test_a15_request_of_a_foreign_page_is_refused_even_with_a_token(paper, visitor):
    visitor.origin = EVIL

    for told in (visitor.say(), visitor.ask("GET", "threads"), visitor.ask("GET", "stream")):
        assert (told.status_code, told.json["error"]) == (403, "origin")
        assert "Access-Control-Allow-Origin" not in told.headers
    assert paper.rows(Item) == []


def test_allowed_site_may_ask_by_itself_and_without_cookies(visitor):
    visitor.origin = SHOP
    told = visitor.ask("GET", "threads")
    before = visitor.ask("OPTIONS", "messages")
    refused = visitor.client.options(f"{visitor.base}/messages", headers={"Origin": EVIL})

    assert told.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in told.headers
    assert told.headers["Vary"] == "Origin"
    assert before.status_code == 204
    assert "Last-Event-ID" in before.headers["Access-Control-Allow-Headers"]
    assert refused.status_code == 403
    assert "Set-Cookie" not in told.headers


def test_nobody_is_let_in_until_a_site_is_named(visit, settle):
    settle(allowed_origins="")

    assert visit().begin().status_code == 403
    assert visit().begin(page="http://localhost").status_code == 200  # the preview, on our own host


def test_app_names_no_site_and_is_let_in_where_the_tenant_says_so(visit, settle):
    settle(allow_apps=True)

    assert visit().begin(page="").status_code == 200
    assert visit(origin="null").begin(page="").status_code == 200
    assert visit().begin(page=EVIL).status_code == 403


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("https://www.example.nl", True),
        ("https://a.b.example.nl", True),
        ("https://example.nl", False),
        ("https://evilexample.nl", False),
        ("https://example.nl.evil.com", False),
        ("http://www.example.nl", False),
        ("https://www.example.nl:8443", False),
        ("https://shop.example", True),
        ("https://SHOP.example", True),
        ("", False),
    ],
)
def test_star_is_every_host_below_and_no_other(origin, fits):
    config = Config().load({"allowed_origins": "https://*.example.nl, https://shop.example"})

    assert is_allowed(config, origin) is fits


def test_frame_ancestors_of_apps_are_anybody():
    config = Config().load({"allow_apps": True})

    # A star is every site, and no app's own scheme.
    schemes = "file: content: data: app: capacitor: ionic:"
    assert frame_ancestors(config) == f"'self' * {schemes}"


@pytest.mark.parametrize(
    "name", ["..%2fplugin.py", "%2e%2e/plugin.py", "plugin.py", ".hidden.js", "none.js", "a%00.js"]
)
def test_a10_asset_is_one_of_the_widgets_files_and_no_other(visit, name):
    assert visit().ask("GET", f"assets/{name}").status_code == 404


# --- How often ----------------------------------------------------------------------------------


def test_a18_visitor_who_writes_too_much_is_told_why_and_how_long(paper, visitor, settle):
    settle(visitor_messages=3)
    told = [visitor.say(str(number)) for number in range(5)]
    paper.drain()

    assert [one.status_code for one in told] == [202, 202, 202, 429, 429]
    assert told[3].headers["Retry-After"] == "20"
    assert told[3].json["error"] == "slow_down"
    assert told[3].json["text"] == (
        "U stuurt veel berichten achter elkaar. Wacht 20 seconden en stuur het opnieuw."
    )
    assert paper.filed() == [["0", "1", "2"]]


@pytest.mark.parametrize(
    ("seconds", "locale", "words"),
    [
        (1, "nl", "1 seconde"),
        (90, "nl", "90 seconden"),
        (91, "nl", "2 minuten"),
        (714, "en", "12 minutes"),
        (1, "en", "1 second"),
    ],
)
def test_a18_long_wait_is_told_in_minutes(seconds, locale, words):
    assert waiting_time(seconds, locale) == words


def test_a18_two_hundred_people_behind_one_address_can_all_begin(paper, visit):
    told = set()
    for _ in range(200):
        colleague = visit(address="198.51.100.1")
        colleague.begin()
        told.add(colleague.say().status_code)

    assert told == {202}


def test_a18_one_bot_that_begins_again_and_again_is_stopped_and_others_are_not(visit, settle):
    settle(address_talks=10)
    told = []
    for _ in range(12):
        bot = visit(address="198.51.100.66")
        bot.begin()
        told.append(bot.say())
    other = visit(address="203.0.113.9")
    other.begin()

    assert [one.status_code for one in told] == [202] * 10 + [429] * 2
    assert "vanaf uw internetverbinding" in told[-1].json["text"]
    assert other.say().status_code == 202


def test_a18_one_browser_is_stopped_long_before_its_office_is(visit, settle):
    settle(browser_talks=5, address_talks=20)
    told = []
    for agent in ["Bot/1"] * 40 + [f"Colleague/{number}" for number in range(15)]:
        one = visit(address="198.51.100.66")
        one.begin(User_Agent=agent)
        message = {"id": "m" * 8, "thread": "t" * 8, "text": "hallo"}
        told.append(one.ask("POST", "messages", message, User_Agent=agent))

    codes = [one.status_code for one in told]
    assert codes == [202] * 5 + [429] * 35 + [202] * 15
    assert "vanaf uw internetverbinding" in told[5].json["text"]


def test_a18_one_visitor_begins_so_many_talks_and_no_more(paper, visitor, settle):
    settle(visitor_messages=1_000)
    told = []
    for number in range(22):
        told.append(visitor.say(thread=f"thread-{number}").status_code)
        paper.drain()

    assert told == [202] * 20 + [429] * 2


def test_a18_sessions_of_one_address_are_not_begun_without_end(visit, settle):
    settle(address_sessions=3)
    told = [visit().begin() for _ in range(4)]

    assert [one.status_code for one in told] == [200] * 3 + [429]
    assert int(told[3].headers["Retry-After"]) > 0
    assert visit(address="203.0.113.200").begin().status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "poll", None), ("GET", "threads", None), ("POST", "receipts", {"read": []})],
)
def test_a18_who_asks_without_end_is_slowed_down(visitor, visit, method, path, body):
    told = [visitor.ask(method, path, body) for _ in range(400)]
    other = visit()
    other.begin()

    codes = [one.status_code for one in told]
    assert codes[:300] == [codes[0]] * 300
    assert codes[-1] == 429
    assert "vaak achter elkaar" in told[-1].json["text"]
    assert other.ask(method, path, body).status_code == codes[0]


def test_a18_talk_that_goes_on_is_not_counted_as_a_new_one(paper, visitor, settle):
    settle(address_talks=1)
    visitor.say()
    paper.drain()

    assert visitor.say("en nog iets").status_code == 202
    assert visitor.say("iets nieuws", thread="thread-2").status_code == 429


def test_a18_whole_connection_has_a_limit(visit, settle):
    settle(connection_talks=2)
    told = []
    for number in range(3):
        visitor = visit(address=f"203.0.113.{number}")
        visitor.begin()
        told.append(visitor.say().status_code)

    assert told == [202, 202, 429]


def test_bucket_fills_up_by_itself():
    now = [0.0]
    throttle = Throttle(lambda: now[0])

    def take() -> int:
        return throttle.wait("kind", "name", burst=2, seconds=10)

    first = [take() for _ in range(3)]
    now[0] = 5.0
    second = [take() for _ in range(2)]
    now[0] = 1_000.0
    third = [take() for _ in range(3)]

    assert (first, second, third) == ([0, 0, 5], [0, 5], [0, 0, 5])


def test_buckets_are_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr("balie_livechat.web.throttle._MOST_BUCKETS", 10)
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    for number in range(100):
        now[0] += 1
        throttle.wait("kind", str(number), burst=1, seconds=1e6)

    assert len(throttle._buckets) <= 10  # noqa: SLF001 -- its size is what is looked at
    assert throttle.wait("kind", "99", burst=1, seconds=1e6) > 0


def test_a20_secrets_of_the_connection_are_not_shown(visit, settle):
    settle(identity_secret="identity-secret-of-these-tests-only")
    told = visit().ask("GET", "settings")

    assert "identity-secret" not in told.text
    assert told.json["identity_required"] is False


def test_context_without_balie_behind_it_says_so():
    ctx = Context(
        tenant=Tenant(slug="a", name="A", region="NL", locale="nl"),
        connection=Connection(id=1, slug="site", plugin="livechat", name="Site"),
        config={},
        http=None,
        files=None,
        kv=None,
        clock=None,
        log=None,
    )

    with pytest.raises(NotImplementedError):
        ctx.threads.show("1")
    with pytest.raises(NotImplementedError):
        ctx.accept([])

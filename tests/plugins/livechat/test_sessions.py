"""Sessions: bound, short, renewed, resumed, signed in and out. None of it stands in an address."""

import base64
import json

import pytest

from balie.tenants.models import ValueRow

from .on_sqlite import database_url  # noqa: F401 -- a fixture
from .visiting import SECRET, SHOP, answer, jwt, words

NOW = 1772452800  # noon of the hand-set clock
CLAIMS = {"sub": "customer-42", "aud": "winkel/site", "exp": NOW + 600, "name": "Noor"}


def test_visitor_who_comes_back_finds_the_talk(paper, visitor, visit):
    visitor.say("tot zo")
    paper.drain()
    answer(paper, "dat is goed")
    paper.clock.forward(7 * 24 * 3600)
    later = visit()

    opened = later.begin(resume=visitor.resume)

    assert [thread["id"] for thread in opened.json["threads"]] == ["thread-1"]
    assert words(later.poll()) == ["tot zo", "dat is goed"]
    assert later.resume != visitor.resume


def test_nothing_to_come_back_with_is_given_before_a_word_is_said(visitor):
    assert visitor.resume is None
    visitor.say()
    assert visitor.resume is not None


@pytest.mark.parametrize(("seed", "talks"), [("k" * 26, 1), ("short", 2)], ids=["seed", "none"])
def test_t9_page_that_was_reloaded_before_the_answer_sends_the_same_message(
    paper, visit, seed, talks
):
    for _ in range(2):
        page = visit()
        page.begin(seed=seed)
        assert page.say("hallo", id="message-once", thread="thread-once").status_code == 202
    paper.drain()

    assert len(paper.tickets()) == talks
    assert words(page.poll()) == ["hallo"]
    assert page.begin(resume=page.resume).status_code == 200


def test_talk_is_forgotten_after_the_days_that_the_tenant_set(paper, visitor, visit, settle):
    settle(remember_days=1.0)
    visitor.say()
    paper.clock.forward(24 * 3600 + 1)

    assert visit().begin(resume=visitor.resume).status_code == 401


def test_copy_of_what_resumes_ends_it_for_both(paper, visitor, visit):
    visitor.say()
    paper.drain()
    stolen = visitor.resume
    for _ in range(2):
        visitor.begin(resume=visitor.resume)
    thief = visit().begin(resume=stolen)

    assert (thief.status_code, thief.json["error"]) == (401, "signed_out")
    assert visitor.begin(resume=visitor.resume).json["error"] == "signed_out"


def test_answer_to_a_resumption_may_get_lost_once(visitor, visit):
    visitor.say()
    kept = visitor.resume
    assert visit().begin(resume=kept).status_code == 200

    assert visit().begin(resume=kept).status_code == 200


def test_a13_token_lasts_a_quarter_of_an_hour_and_is_renewed(paper, visitor):
    paper.clock.forward(600)
    old = visitor.token
    visitor.keep(visitor.ask("POST", "session/renew"))
    paper.clock.forward(600)

    assert visitor.token != old
    assert visitor.ask("GET", "threads").status_code == 200
    visitor.token = old
    assert visitor.ask("GET", "threads").json["error"] == "token"


def test_a13_signing_out_ends_every_token_of_the_session(visitor, visit):
    visitor.say()
    before = visitor.token
    visitor.keep(visitor.ask("POST", "session/renew"))

    assert visitor.ask("DELETE", "session").status_code == 204

    for token in (before, visitor.token):
        visitor.token = token
        told = visitor.ask("GET", "threads")
        assert (told.status_code, told.json["error"]) == (401, "signed_out")
    assert visit().begin(resume=visitor.resume).json["error"] == "signed_out"


def test_a13_token_is_good_for_its_own_connection_only(paper, visitor, visit):
    directory = paper.services.directory
    directory.add_connection(
        "winkel", "other", plugin="livechat", config={"allowed_origins": SHOP}, files_into="desk"
    )
    directory.add_tenant("buren", name="De Buren", region="NL", locale="nl")
    directory.add_connection("buren", "desk", plugin="paper_desk", config={"secret": "d" * 20})
    directory.add_connection(
        "buren", "site", plugin="livechat", config={"allowed_origins": SHOP}, files_into="desk"
    )
    visitor.say()

    for base in ("/livechat/winkel/other", "/livechat/buren/site"):
        elsewhere = visit(base=base, token=visitor.token)
        assert elsewhere.ask("GET", "threads").status_code == 401
        assert elsewhere.begin(resume=visitor.resume).json["error"] == "token"


def test_a13_tokens_are_never_in_an_address(visitor):
    visitor.say()

    for way in ("token", "access_token", "Authorization"):
        told = visitor.client.get(f"{visitor.base}/threads?{way}={visitor.token}")
        assert told.status_code == 401
    shown = " ".join(one.request.url for one in visitor.answers)
    assert visitor.token not in shown
    assert visitor.resume not in shown


def changed(token: str, **facts: object) -> str:
    body, _, mark = token.partition(".")
    plain = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    raw = base64.urlsafe_b64encode(json.dumps(plain | facts).encode()).rstrip(b"=").decode()
    return f"{raw}.{mark}"


@pytest.mark.parametrize(
    "forge",
    [
        lambda visitor: changed(visitor.token, v="another"),
        lambda visitor: changed(visitor.token, end=9e12),
        lambda visitor: visitor.token[:-2],
        lambda visitor: visitor.token.partition(".")[0] + ".",
        lambda visitor: visitor.resume,  # made for something else
        lambda _: "x" * 5_000,
        lambda _: "é.é",
        lambda _: "",
        lambda _: jwt(CLAIMS),
    ],
    ids=["visitor", "end", "cut", "unmarked", "resume", "long", "letters", "empty", "identity"],
)
def test_a12_forged_token_opens_nothing(visitor, forge):
    visitor.say()
    told = visitor.ask("GET", "threads", Authorization=f"Bearer {forge(visitor)}")

    assert (told.status_code, told.json["error"]) == (401, "token")


def test_signing_key_is_made_once_and_kept_sealed(paper, visitor, visit):
    for _ in range(3):
        visit().begin()

    with paper.services.store.reading() as session:
        rows = session.query(ValueRow).all()
    assert [row.key for row in rows] == ["signing_key"]
    assert rows[0].sealed.startswith(b"gAAAA")


# --- Recognised customers -----------------------------------------------------------------------


def test_customer_who_signed_in_is_recognised_on_every_device(paper, visit, settle):
    settle(identity_secret=SECRET)
    phone, laptop = visit(), visit()

    opened = phone.begin(identity=jwt(CLAIMS))
    phone.say("vanaf mijn telefoon")
    paper.drain()
    laptop.begin(identity=jwt(CLAIMS))

    assert (opened.json["recognised"], opened.json["name"]) == (True, "Noor")
    assert opened.json["resume"] is None
    assert words(laptop.poll()) == ["vanaf mijn telefoon"]
    assert paper.people()[0].name == "Noor"


def test_verified_number_in_an_identity_finds_the_customer(paper, visit, settle):
    settle(identity_secret=SECRET)
    paper.desk.customers["+31655500001"] = "known-7"
    shopper = visit()
    number = {"phone_number": "06 5550 0001", "phone_number_verified": True}
    shopper.begin(identity=jwt(CLAIMS | number))
    shopper.say()
    paper.drain()

    assert paper.desk.batches[0].customer.id == "known-7"


def test_number_that_the_site_did_not_verify_finds_nobody(paper, visit, settle):
    settle(identity_secret=SECRET)
    paper.desk.customers["+31655500001"] = "known-7"
    shopper = visit()
    shopper.begin(identity=jwt(CLAIMS | {"phone_number": "+31655500001"}))
    shopper.say()
    paper.drain()

    assert paper.desk.batches[0].customer is None


def test_what_was_said_goes_along_though_the_answer_to_it_got_lost(paper, visitor, settle):
    settle(identity_secret=SECRET)
    before = visitor.token
    visitor.say("nog anoniem")
    paper.drain()
    visitor.token = before  # which does not say that anything was said
    visitor.keep(visitor.ask("POST", "session/identify", {"identity": jwt(CLAIMS)}))
    paper.drain()

    assert words(visitor.poll()) == ["nog anoniem"]


def test_what_was_said_before_signing_in_goes_along(paper, visitor, settle):
    settle(identity_secret=SECRET)
    visitor.say("nog anoniem")
    paper.drain()
    before = visitor.token
    told = visitor.ask("POST", "session/identify", {"identity": jwt(CLAIMS)})
    visitor.keep(told)
    paper.drain()
    visitor.say("en nu bekend")
    paper.drain()

    assert words(visitor.poll()) == ["nog anoniem", "en nu bekend"]
    assert len(paper.conversations()) == 1
    visitor.token = before
    assert visitor.ask("GET", "threads").json["error"] == "signed_out"


@pytest.mark.parametrize(
    "identity",
    [
        jwt(CLAIMS, secret="another-secret-that-nobody-here-knows"),
        jwt(CLAIMS, alg="none"),
        jwt(CLAIMS, alg="none").rpartition(".")[0] + ".",
        jwt(CLAIMS, alg="RS256"),
        jwt(CLAIMS, crit=["b64"]),
        jwt(CLAIMS | {"exp": NOW - 60}),
        jwt(CLAIMS | {"exp": NOW + 3 * 24 * 3600}),
        jwt(CLAIMS | {"exp": "never"}),
        jwt(CLAIMS | {"exp": True}),
        jwt({name: value for name, value in CLAIMS.items() if name != "exp"}),
        jwt(CLAIMS | {"nbf": NOW + 600}),
        jwt(CLAIMS | {"aud": "buren/site"}),
        jwt({name: value for name, value in CLAIMS.items() if name != "aud"}),
        jwt(CLAIMS | {"sub": ""}),
        jwt(CLAIMS | {"sub": 42}),
        jwt({name: value for name, value in CLAIMS.items() if name != "sub"}),
        "a.b.c",
        "nonsense",
        ".".join(["e30", "e30", "e30"]),
    ],
    ids=range(19),
)
def test_a14_forged_or_stale_identity_is_refused(visit, settle, identity):
    settle(identity_secret=SECRET)
    told = visit().begin(identity=identity)

    assert (told.status_code, told.json["error"]) == (403, "identity")


def test_a14_identity_without_a_secret_of_ours_is_refused(visit):
    assert visit().begin(identity=jwt(CLAIMS, secret="")).json["error"] == "identity"


def test_a14_to_leave_the_identity_out_is_no_way_around_it(paper, visitor, visit, settle):
    visitor.say("anoniem, toen dat nog mocht")
    settle(identity_secret=SECRET, identity_required=True)
    stranger = visit()

    for given in ({}, {"identity": ""}, {"identity": None}, {"resume": visitor.resume}):
        told = stranger.begin(**given)
        assert (told.status_code, told.json["error"]) == (403, "identity")
    # A token from before is not enough either.
    assert visitor.say("en nu?").json["error"] == "identity"
    assert stranger.begin(identity=jwt(CLAIMS)).status_code == 200
    assert stranger.say("ik ben bekend").status_code == 202


def test_a20_reason_of_a_refused_identity_is_for_the_log_only(visit, settle):
    settle(identity_secret=SECRET)
    told = visit().begin(identity=jwt(CLAIMS | {"exp": NOW - 60}))

    assert told.json["text"] == "Log eerst in op deze website; daarna kunt u chatten."
    assert "exp" not in told.text

"""The agent's desk in a browser."""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> & <b>vet</b>"


@pytest.fixture
def desk(chrome, sandbox) -> Iterator[Page]:
    """The desk, opened wide; an error in its script fails the test."""
    with chrome.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{sandbox.url}/desk?lang=en")
        yield page
        assert problems == []


def data(name: str) -> str:
    return f"[data-test=desk-{name}]"


def test_new_ticket_appears_by_itself_with_its_customer(desk, zendesk):
    expect(desk.get_by_text("No tickets yet.")).to_be_visible()
    zendesk.ticket(requester_id=zendesk.user(phone="+31 6 5550 1234", external_id="wa:1")["id"])

    expect(desk.locator(f"{data('comment')} .body")).to_have_text(["Goedemiddag"])
    expect(desk.locator(data("requester"))).to_contain_text("+31 6 5550 1234")
    expect(desk.locator(data("requester"))).to_contain_text("wa:1")


def test_reply_note_and_solve_do_what_their_buttons_say(desk, zendesk, sandbox):
    zendesk.ticket()
    desk.locator(data("ticket")).click()
    desk.locator(data("input")).fill("Eerst even kijken")
    desk.locator(data("note")).click()
    expect(desk.locator(data("comment"))).to_have_count(2)
    desk.locator(data("input")).fill("Het komt morgen")
    desk.locator(data("reply")).click()
    expect(desk.locator(data("comment"))).to_have_count(3)
    desk.locator(data("solve")).click()
    expect(desk.locator(data("status"))).to_have_text("solved")

    [ticket] = sandbox.look("zendesk/tickets")["tickets"]
    said = [(one["body"], one["public"], one["via"]) for one in ticket["comments"][1:]]
    assert said == [("Eerst even kijken", False, "web"), ("Het komt morgen", True, "web")]
    assert ticket["status"] == "solved"
    shown = desk.locator(data("comment"))
    assert [shown.nth(n).get_attribute("data-public") for n in range(3)] == [
        "true",
        "false",
        "true",
    ]
    assert desk.locator(data("input")).input_value() == ""


def picture():
    """A red dot, as bytes."""
    return base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5E"
        "rkJggg=="
    )


def upload(zendesk, name, data, content_type):
    """The token of an upload through the API."""
    headers = {"Authorization": f"Bearer {zendesk.token}", "Content-Type": content_type}
    url = f"{zendesk.base}/api/v2/uploads"
    sent = zendesk.session.post(
        url, params={"filename": name}, data=data, headers=headers, timeout=15
    )
    return sent.json()["upload"]["token"]


def test_customers_files_are_seen_heard_and_saved(desk, zendesk):
    user = zendesk.user()["id"]
    tokens = [
        upload(zendesk, "foto.png", picture(), "image/png"),
        upload(zendesk, "stem.ogg", b"OggS", "audio/ogg"),
        upload(zendesk, "pagina.html", b"<script>document.title='x'</script>", "text/html"),
    ]
    said = {"body": "Zie bijlagen", "author_id": user, "uploads": tokens}
    zendesk.ticket(requester_id=user, comment=said)

    expect(desk.locator(data("file"))).to_have_count(3)
    image = desk.get_by_role("img", name="foto.png")
    expect(image).to_be_visible()
    assert image.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") == 1
    expect(desk.locator("audio")).to_have_attribute("aria-label", "stem.ogg")
    link = desk.get_by_role("link", name="pagina.html")
    expect(link).to_have_attribute("download", "pagina.html")
    answer = desk.request.get(link.evaluate("(one) => one.href"))
    assert answer.headers["content-disposition"].startswith("attachment")


def test_file_with_malware_is_named_and_not_offered(desk, zendesk, sandbox):
    user = zendesk.user()["id"]
    token = upload(zendesk, "kwaad.png", picture(), "image/png")
    said = {"body": "x", "author_id": user, "uploads": [token]}
    zendesk.ticket(requester_id=user, comment=said)
    expect(desk.get_by_role("img", name="kwaad.png")).to_be_visible()
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    file_id = comment["attachments"][0]["id"]
    verdict = {"malware_scan_result": "malware_found"}
    sandbox.control(f"zendesk/attachments/{file_id}", verdict)

    expect(desk.get_by_text("malware was found in it")).to_be_visible()
    expect(desk.get_by_role("img", name="kwaad.png")).to_have_count(0)


def test_agent_attaches_files_and_pastes_an_image(desk, zendesk):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    brief = {"name": "brief.txt", "mimeType": "text/plain", "buffer": b"hallo"}
    wrong = {"name": "fout.txt", "mimeType": "text/plain", "buffer": b"fout"}
    desk.locator(data("files")).set_input_files([brief, wrong])
    desk.get_by_role("button", name="Remove fout.txt").click()
    desk.locator(data("input")).evaluate(
        """(box, bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(bytes)], "pijl.png", { type: "image/png" }));
          box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }""",
        list(picture()),
    )
    desk.locator(data("input")).fill("Kijk")
    desk.locator(data("reply")).click()

    expect(desk.locator(data("file"))).to_have_count(2)
    path = "/tickets/1/comments?include_inline_images=true"
    said = zendesk.done("GET", path)["comments"][1]
    assert [(one["file_name"], one["inline"]) for one in said["attachments"]] == [
        ("brief.txt", False),
        ("pijl.png", True),
    ]
    assert said["attachments"][1]["content_url"] in said["html_body"]
    assert said["attachments"][0]["content_url"].startswith(zendesk.base)


def test_agent_closes_reopens_and_merges(desk, zendesk, sandbox):
    zendesk.ticket(subject="Eerste")
    zendesk.ticket(subject="Tweede")
    desk.locator('[data-ticket-id="1"]').click()
    desk.locator(data("solve")).click()
    desk.locator(data("reopen")).click()
    expect(desk.locator(data("status"))).to_have_text("open")
    desk.locator(data("more")).click()
    desk.locator(data("status-choice")).select_option("hold")
    expect(desk.locator(data("status"))).to_have_text("on hold")
    desk.locator(data("merge-choice")).select_option(label="#2 Tweede")
    desk.locator(data("merge")).click()

    expect(desk.locator("#subject")).to_have_text("#2 Tweede")
    expect(desk.locator(data("comment"))).to_have_count(2)
    desk.locator(data("close")).click()
    expect(desk.locator(data("status"))).to_have_text("closed")
    statuses = [one["status"] for one in sandbox.look("zendesk/tickets")["tickets"]]
    assert statuses == ["closed", "closed"]


def test_tags_fields_and_what_hangs_on_the_ticket_are_shown(desk, zendesk, sandbox):
    field = {"ticket_field": {"type": "text", "title": "Spoor"}}
    key = zendesk.done("POST", "/ticket_fields", field)["ticket_field"]["id"]
    zendesk.ticket(
        tags=["balie", "vip"],
        custom_fields=[{"id": key, "value": "http://127.0.0.1:9/spoor/m1"}],
        email_ccs=[{"user_email": "buur@example.com", "user_name": "Buur"}],
    )
    sandbox.control(
        "zendesk/tickets/1/side_conversations", {"subject": "Voorraad", "body": "Nog een?"}
    )

    expect(desk.locator(f"{data('tags')} li")).to_have_text(["balie", "vip"])
    link = desk.get_by_role("link", name="http://127.0.0.1:9/spoor/m1")
    expect(link).to_have_attribute("href", "http://127.0.0.1:9/spoor/m1")
    expect(desk.locator(data("fields"))).to_contain_text("Buur")
    sandbox.control("zendesk/tickets/1/fields", {"tags": ["balie"]})
    expect(desk.locator(data("fields"))).to_contain_text("Voorraad")
    expect(desk.locator(f"{data('tags')} li")).to_have_text(["balie"])


def test_chosen_agent_answers_with_a_macros_words(desk, zendesk, sandbox):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    desk.locator(data("agent")).select_option(label="Daan")
    desk.locator(data("macro")).select_option(label="Groet en afsluiten")
    expect(desk.locator(data("input"))).to_have_value("Graag gedaan, Sanne de Wit!")
    desk.locator(data("reply")).click()

    expect(desk.locator(data("comment"))).to_have_count(2)
    [ticket] = sandbox.look("zendesk/tickets")["tickets"]
    assert ticket["comments"][1]["author"]["name"] == "Daan"


def test_redacted_comment_changes_on_the_page(desk, zendesk):
    zendesk.ticket()
    expect(desk.locator(f"{data('comment')} .body")).to_have_text(["Goedemiddag"])
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    zendesk.done("PUT", f"/tickets/1/comments/{comment['id']}/redact", {"text": "middag"})

    expect(desk.locator(f"{data('comment')} .body")).to_have_text(["Goede▇▇▇▇▇▇"])


def test_consent_page_asks_and_gives_the_code_back(desk, sandbox):
    place = f"{sandbox.url}/control/health"
    client = {"client_id": "app", "client_secret": "s", "redirect_uris": [place]}
    sandbox.control("zendesk/clients", client)
    asked = f"client_id=app&redirect_uri={place}&response_type=code&scope=read&state=s1"
    desk.goto(f"{sandbox.url}/zendesk/oauth/authorizations/new?{asked}&lang=nl")

    expect(desk.get_by_role("heading", name="Mag app dit account gebruiken?")).to_be_visible()
    desk.get_by_role("button", name="Toestaan").click()
    expect(desk).to_have_url(re.compile(r"/control/health\?state=s1&code=[0-9a-f]{40}$"))


def test_hostile_text_stays_text(desk, zendesk):
    user = zendesk.user(HOSTILE)
    said = {"body": HOSTILE, "author_id": user["id"]}
    zendesk.ticket(requester_id=user["id"], subject=HOSTILE, comment=said)

    expect(desk.locator(f"{data('comment')} .body")).to_have_text(HOSTILE)
    expect(desk.locator(f"{data('ticket')} .name")).to_have_text(HOSTILE)
    assert desk.locator("img").count() == 0
    assert desk.locator("body").get_attribute("data-hacked") is None


def test_ticket_is_unread_until_it_is_opened(desk, zendesk):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    zendesk.ticket(subject="Tweede")
    second = desk.locator('[data-ticket-id="2"]')

    expect(second).to_have_attribute("data-unread", "true")
    second.click()
    expect(second).to_have_attribute("data-unread", "false")
    expect(second).to_have_attribute("aria-current", "true")


def test_draft_stays_with_its_ticket(desk, zendesk):
    zendesk.ticket()
    zendesk.ticket()
    desk.locator('[data-ticket-id="1"]').click()
    desk.locator(data("input")).fill("half af")
    desk.locator('[data-ticket-id="2"]').click()

    expect(desk.locator(data("input"))).to_have_value("")
    desk.locator('[data-ticket-id="1"]').click()
    expect(desk.locator(data("input"))).to_have_value("half af")


def test_closed_ticket_takes_no_answer(desk, zendesk, sandbox):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})

    expect(desk.locator(data("reply"))).to_be_disabled()
    expect(desk.get_by_text("takes no more answers")).to_be_visible()


def test_reset_empties_the_desk(desk, zendesk, sandbox):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    sandbox.control("reset")

    expect(desk.get_by_text("No tickets yet.")).to_be_visible()
    expect(desk.locator(data("input"))).to_be_hidden()


def test_narrow_desk_in_dutch_shows_one_side_at_a_time(chrome, zendesk, sandbox):
    zendesk.ticket()
    with chrome.new_context(viewport={"width": 480, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{sandbox.url}/desk?lang=nl")
        page.locator(data("ticket")).click()

        expect(page.get_by_role("button", name="Openbaar antwoord")).to_be_visible()
        expect(page.locator(data("ticket"))).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == 480
        page.get_by_role("button", name="Alle tickets").click()
        expect(page.locator(data("ticket"))).to_be_visible()


@pytest.mark.parametrize(
    ("accept", "lang"), [("nl-NL,nl;q=0.9", "nl"), ("de", "en"), ("en-GB", "en"), ("", "en")]
)
def test_page_without_a_language_follows_the_browser(sandbox, accept, lang):
    headers = {"Accept-Language": accept}

    answer = sandbox.session.get(f"{sandbox.url}/desk", headers=headers, timeout=15)

    assert f'<html lang="{lang}">' in answer.text

"""What customers can send to harm: words that are code, and files that are traps."""

import subprocess
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.on_time import OnTime
from tests.e2e.whole import new_customer, wait_until

CODE = '<script>document.title=2</script><img src=x onerror="document.title=1">'
TURNED, NUL = "\u202e", "\x00"
PATIENCE_MS = 15_000
MOST_GROWTH_KB = 40_000


@pytest.fixture(scope="module")
def whole(shared: OnTime) -> OnTime:
    return shared


def send(whole: OnTime, number: str, kind: str, **more: Any) -> None:
    whole.stage.control("POST", "whatsapp/messages", {"from": number, "type": kind} | more)


# --- Words ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(whole: OnTime) -> str:
    """A customer who has put code into everything that has words; the number."""
    number = new_customer()
    name = f"{CODE}{TURNED}{NUL}Noor"
    send(whole, number, "text", text=f"{CODE}{TURNED}{NUL}", name=name)
    place = {"latitude": 52.1, "longitude": 5.1, "name": CODE, "address": f"Straat{NUL} 1"}
    send(whole, number, "location", location=place)
    card = {"name": {"formatted_name": CODE}, "phones": [{"phone": CODE}], "vcard": CODE}
    send(whole, number, "contacts", contacts=[card])
    file = {"text": "hallo", "name": f"{CODE}{TURNED}fdp.exe", "mime_type": "text/plain"}
    send(whole, number, "document", file=file, caption=CODE)
    wait_until(lambda: "".join(whole.comments(number)).count("<script>") >= 5)
    whole.settle()
    return number


def test_a8_code_in_names_places_cards_and_files_stays_text(whole, written):
    [ticket] = whole.tickets(written)

    for comment in ticket["comments"]:
        assert "<script" not in comment["html_body"]
        assert "<img" not in comment["html_body"]
        assert NUL not in comment["body"]
    [file] = [file for comment in ticket["comments"] for file in comment["attachments"]]
    assert not set(file["file_name"]) & set('<>"/\\\u202e\x00')
    for shown in (ticket["subject"], ticket["requester"]["name"]):
        assert not set(shown) & {TURNED, NUL, "\n"}


def test_a8_code_runs_neither_at_the_desk_nor_on_the_phone(whole, written, chrome: Browser):
    [ticket] = whole.tickets(written)
    page = chrome.new_page(locale="nl-NL")
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))

    page.goto(f"{whole.stage.sandbox_url}/desk")
    page.locator(f"[data-ticket-id='{ticket['id']}']").click()
    comments = page.locator("[data-test=desk-comment]")
    expect(comments).to_have_count(len(ticket["comments"]))
    expect(comments.first).to_contain_text(CODE)
    expect(comments.locator("img, script")).to_have_count(0)
    title = page.title()
    page.close()

    assert title not in ("1", "2")
    assert complaints == []


# --- Files ----------------------------------------------------------------------------------------

NEVER = {
    "redirect": "WhatsApp verwijst voor het bestand naar een adres dat niet wordt vertrouwd.",
    "endless": "Het bestand is groter dan 100 MB.",
    "oversized": "Het bestand is groter dan 100 MB.",
    "gone": "Het bestand is er niet meer: WhatsApp bewaart bestanden van klanten zeven dagen.",
}
NOT_YET = {
    "wrong_hash": "Het bestand kwam beschadigd aan.",
    "bomb": "Het bestand kwam beschadigd aan.",
    "truncated": "Het bestand werd afgebroken (ProtocolError).",
}


def memory_kb(whole: OnTime) -> int:
    """How much memory the Balie that works has."""
    master = str(whole.stage.process_id())
    told = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", master], capture_output=True, text=True, check=True
    )
    return max(map(int, told.stdout.split()))


def trap(whole: OnTime, fault: str) -> str:
    """Let a customer send a photo that is a trap, and wait until it is given up for now."""
    number = new_customer()
    photo = {"size": 5000, "name": "a.jpg", "mime_type": "image/jpeg", "fault": fault}
    send(whole, number, "image", file=photo, caption="Kijk")
    if fault in NOT_YET:
        wait_until(lambda: waits_for_a_file(whole))
        whole.go_on(30)
    whole.ticket(number)
    return number


def waits_for_a_file(whole: OnTime) -> bool:
    waits = [item for item in whole.items() if item.state == "pending" and item.kind == "file"]
    return any(item.reason.startswith("waits for a file") for item in waits)


@pytest.mark.parametrize("fault", [*NEVER, *NOT_YET])
def test_a7_a11_file_that_is_a_trap_is_a_line_in_the_ticket(whole, fault):
    before = memory_kb(whole)

    number = trap(whole, fault)

    why = NEVER.get(fault) or (
        f"Het bestand is er nog niet: {NOT_YET[fault]} "
        "Balie blijft het proberen en zet het er later bij."
    )
    [comment] = whole.ticket(number)["comments"]
    assert comment["body"] == f"[Afbeelding] Kijk ({why})"
    assert comment["attachments"] == []
    assert memory_kb(whole) - before < MOST_GROWTH_KB
    # The token went nowhere else.
    assert whole.stage.control("GET", "whatsapp/elsewhere") == {"requests": []}


def test_file_that_is_mended_comes_into_the_ticket_and_what_never_is_is_told(whole):
    mended, lost = trap(whole, "truncated"), trap(whole, "wrong_hash")
    for file in whole.stage.control("GET", "whatsapp/media")["media"]:
        whole.stage.control("POST", f"whatsapp/media/{file['id']}", {"fault": None})

    whole.go_on_until(lambda: len(whole.comments(mended)) == 2)
    whole.go_on(8 * 86_400)
    [note] = whole.go_on_until(lambda: whole.comments(lost, public=False))
    balance = whole.settle()

    late = whole.ticket(mended)["comments"][1]
    assert late["body"].splitlines()[-2:] == [
        "[Bestand bij een eerder bericht]",
        "[Afbeelding] Kijk",
    ]
    assert [file["size"] for file in late["attachments"]] == [5000]
    assert note == (
        "Een bestand van de klant kon niet worden opgehaald: [Afbeelding] Kijk. Reden: Het bestand "
        "is er niet meer: WhatsApp bewaart bestanden van klanten zeven dagen. Vraag de klant het "
        "opnieuw te sturen."
    )
    assert balance.difference == 0
    assert {item.kind for item in whole.items() if item.state == "parked"} == {"media"}

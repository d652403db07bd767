"""The widget in a browser: a whole with three connections, a shop on another site, and visitors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Locator, Page, expect
from tests.e2e.chatting import ticket_with
from tests.e2e.whole import Whole, running
from tests.e2e.widget.shop import Shop, open_shop

IDENTITY_SECRET = "identity-secret-of-these-tests-only"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 15_000

_CONSENT = {
    "consent_text": "Wij bewaren dit gesprek.",
    "consent_version": "2",
    "privacy_url": "https://shop.example/privacy",
}
_FIELDS = [
    {"name": "name", "label": {"nl": "Naam", "en": "Name"}, "required": True},
    {"name": "order", "label": {"nl": "Bestelnummer", "en": "Order"}},
]
CONNECTIONS: dict[str, dict[str, Any]] = {
    "site": {"whatsapp_number": "+31855500100", "whatsapp_connection": "whatsapp"},
    "careful": {**_CONSENT, "fields_before": orjson.dumps(_FIELDS).decode()},
    "members": {"identity_secret": IDENTITY_SECRET, "identity_required": True},
    "shut": {
        "opening_hours": "mon 0:00-0:01",
        "phone": "085 550 0100",
        "mail": "hallo@shop.example",
    },
}
"""Their settings: open to all; consent and questions first; with an identity only; closed."""


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A running whole, shared by all tests of the widget. Each test is a visitor of its own."""
    with running(tmp_path_factory.mktemp("widget")) as started:
        limits = {"account_update_limit": 10_000, "plan_limit": 100_000}
        started.stage.control("POST", "zendesk/settings", limits)
        yield started


@pytest.fixture(scope="session")
def shop(whole: Whole) -> Iterator[Shop]:
    """A shop that shows every connection."""
    with open_shop(whole.stage.url) as opened:
        balie = whole.stage.services()
        for slug, settings in CONNECTIONS.items():
            sites = f"{opened.origin}, {opened.foreign.origin}"
            config = {"allowed_origins": sites, "absent_seconds": 0.0} | settings
            balie.directory.add_connection(
                "demo", slug, plugin="livechat", config=config, files_into="zendesk", name="De chat"
            )
        balie.store.close()
        yield opened


@dataclass
class Widget:
    """The widget on one page of a browser."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("[data-test=launcher]")

    @property
    def app(self) -> FrameLocator:
        """What is in the frame."""
        return self.page.frame_locator("[data-test=frame] iframe")

    @property
    def frame(self) -> Frame:
        """The frame itself, once it is there."""
        self.page.locator("[data-test=frame] iframe").wait_for(state="attached")
        [found] = [one for one in self.page.frames if one.url.endswith("/app")]
        return found

    def part(self, name: str) -> Locator:
        """Return what carries this data-test in the frame."""
        return self.app.locator(f"[data-test={name}]")

    def open(self) -> "Widget":
        self.launcher.click()
        return self

    def say(self, words: str) -> str:
        """Write a message as a visitor does; return its words."""
        self.part("composer").fill(words)
        self.part("send").click()
        return words

    def messages(self, by: str = "") -> Locator:
        return self.app.locator("[data-test=message]" + (f"[data-by={by}]" if by else ""))

    def hears(self, words: str) -> None:
        """Wait until an agent's message with these words is shown."""
        expect(self.messages("agent").filter(has_text=words)).to_be_visible()


@dataclass
class Visitors:
    """Makes browsers, each of somebody else."""

    chrome: Browser
    shop: Shop
    whole: Whole
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    tolerated: tuple[str, ...] = ("net::ERR_", "the server responded with a status of")

    def browser(self, **options: Any) -> BrowserContext:
        context = self.chrome.new_context(
            **{"locale": "nl-NL", "viewport": DESKTOP, "reduced_motion": "reduce"} | options
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        return context

    def visit(
        self, connection: str = "site", *, context: BrowserContext | None = None, **choices: str
    ) -> Widget:
        """Open a page of the shop in a new browser, or as one more tab of ``context``."""
        return self.go(self.shop.page(connection, **choices), context=context)

    def go(self, address: str, *, context: BrowserContext | None = None, **options: Any) -> Widget:
        page = (context or self.browser(**options)).new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)
        page.goto(address)
        return Widget(page)

    def _note(self, said: Any) -> None:
        if said.type in ("error", "warning") and not any(
            one in said.text for one in self.tolerated
        ):
            self.complaints.append(said.text)


@pytest.fixture
def visitors(chrome: Browser, shop: Shop, whole: Whole) -> Iterator[Visitors]:
    """Browsers of visitors; a script's complaint fails the test."""
    expect.set_options(timeout=PATIENCE_MS)
    made = Visitors(chrome, shop, whole)
    yield made
    for context in made.contexts:
        context.close()
    assert made.complaints == []


@pytest.fixture
def widget(visitors: Visitors) -> Widget:
    """The widget on a page of the shop, unopened, on a desktop."""
    return visitors.visit()


@pytest.fixture
def answer(whole: Whole) -> Callable[[str, str], None]:
    """Let an agent answer in the ticket in which ``question`` was asked."""

    def act(question: str, words: str) -> None:
        whole.answer(ticket_with(whole, question), words)

    return act


@pytest.fixture
def question() -> str:
    """Words that no other test says."""
    return f"Is mijn fiets klaar? {uuid4().hex[:8]}"


BARE_APP = Path(__file__).with_name("bare_app.js").read_text()


def bare(context: BrowserContext | Page) -> None:
    """Let frames show the engine alone, without a view: ``window.talk`` and ``window.bridge``."""
    page = '<!doctype html><title>bare</title><script type="module" src="assets/bare.js"></script>'
    context.route("**/app", lambda route: route.fulfill(body=page, content_type="text/html"))
    context.route(
        "**/assets/bare.js",
        lambda route: route.fulfill(body=BARE_APP, content_type="text/javascript"),
    )

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
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
}
PATIENCE_MS = 40_000
"""What does not happen in it will not: a slow machine with other work is no failure."""

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
    "site": {
        "whatsapp_number": "+31855500100",
        "whatsapp_connection": "whatsapp",
        "identity_secret": IDENTITY_SECRET,
    },
    "careful": {**_CONSENT, "fields_before": orjson.dumps(_FIELDS).decode()},
    "members": {"identity_secret": IDENTITY_SECRET, "identity_required": True},
    "apps": {"allow_apps": True, "allowed_origins": ""},
    "hours": {"opening_hours": "mon 0:00-0:01"},
    "queue": {"agents": 1},
    "both": {
        "consent_text": '{"nl": "Wij bewaren dit gesprek.", "en": "We keep this talk."}',
        "topics": '{"nl": "Bestelling, Retour", "en": "Order, Return"}',
        "reply_time": '{"nl": "meestal snel", "en": "usually soon"}',
    },
    "wordy": {
        "reply_time": "meestal binnen een half uur, maar op drukke dagen duurt het wel eens langer",
        "fields_before": orjson.dumps(
            [{"name": f"field{number}", "required": True} for number in range(6)]
        ).decode(),
    },
    "shut": {
        "opening_hours": "mon 0:00-0:01",
        "phone": "085 550 0100",
        "mail": "hallo@shop.example",
    },
}
"""Their settings: open; consent and questions first; with an identity only; in apps; with
hours that a test changes; where one agent answers all; words in both languages; much
to be read and to be filled in; closed."""


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
            usual = {"allowed_origins": sites, "absent_seconds": 0.0}
            config = usual | {"chat_page": opened.foreign.page(slug)} | settings
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
        node = self.page.locator("[data-test=frame] iframe")
        node.wait_for(state="attached")
        found = node.element_handle().content_frame()
        assert found is not None
        found.wait_for_url("**/app", wait_until="commit")
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
    device: str = "desktop"

    def browser(self, **options: Any) -> BrowserContext:
        usual = {"locale": "nl-NL", "reduced_motion": "reduce"} | DEVICES[self.device]
        context = self.chrome.new_context(**usual | options)
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


@pytest.fixture(params=DEVICES)
def each_device(request: pytest.FixtureRequest, visitors: Visitors) -> str:
    """Let the visitors of a test come on a desktop, and then once more on a phone."""
    visitors.device = request.param
    return visitors.device


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


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine alone in the frame of a widget, without a view."""

    widget: Widget

    @property
    def page(self) -> Page:
        return self.widget.page

    def run(self, script: str, given: Any = None) -> Any:
        """Run JavaScript in the frame: ``talk`` is there, ``t`` the thread of ``say``."""
        return self.widget.frame.evaluate(script, given)

    def until(self, condition: str, given: Any = None) -> None:
        """Wait until JavaScript in the frame says so. Hidden frames draw nothing, so by time."""
        self.widget.frame.wait_for_function(condition, arg=given, polling=30)

    def say(self, words: str) -> None:
        """Write in a talk of this page; it is on its way then."""
        self.run("text => { window.t ??= talk.newThread(); talk.send(t, { text }); }", words)

    def said(self) -> list[tuple[str, str, str]]:
        """Return all messages of all talks: by whom, in what state, which words."""
        found = self.run("Object.values(talk.state.messages).flat()")
        return [
            (one["by"], one["state"], " ".join(part["text"] for part in one["parts"]))
            for one in found
        ]

    def hears(self, words: str) -> None:
        self.until(f"w => {_ALL}.some((one) => one.by === 'agent' && {_SAYS})", words)

    def has_filed(self, words: str) -> None:
        self.until(f"w => {_ALL}.some((one) => one.state === 'filed' && {_SAYS})", words)


_ALL = "Object.values(talk.state.messages).flat()"
_SAYS = "one.parts.some((part) => part.text === w)"
_BARE_APP = Path(__file__).with_name("bare_app.js").read_text()
_BARE_PAGE = '<!doctype html><title>.</title><script type="module" src="assets/bare.js"></script>'


@dataclass(frozen=True, slots=True)
class Engines:
    """Makes browsers whose frames show the engine alone."""

    visitors: Visitors

    def browser(self, **options: Any) -> BrowserContext:
        context = self.visitors.browser(**options)
        bare(context)
        return context

    def visit(
        self, connection: str = "site", *, context: BrowserContext | None = None, **choices: str
    ) -> Engine:
        """Open the widget on a page of the shop."""
        return self.go(self.visitors.shop.page(connection, **choices), context=context)

    def go(self, address: str, *, context: BrowserContext | None = None) -> Engine:
        widget = self.visitors.go(address, context=context or self.browser()).open()
        return self.begun(widget)

    def again(self, engine: Engine, *, opened: bool = False) -> Engine:
        """Load the page once more. What was kept comes without a click."""
        engine.page.reload()
        return self.begun(engine.widget.open() if opened else engine.widget)

    def begun(self, widget: Widget) -> Engine:
        engine = Engine(widget)
        engine.until("window.talk")
        return engine


@pytest.fixture
def engines(visitors: Visitors) -> Engines:
    """Browsers with the engine alone."""
    return Engines(visitors)


def bare(context: BrowserContext) -> None:
    """Let frames show the engine alone: ``window.talk`` and ``window.bridge``."""
    html = {"body": _BARE_PAGE, "content_type": "text/html"}
    script = {"body": _BARE_APP, "content_type": "text/javascript"}
    context.route("**/app", lambda route: route.fulfill(**html))
    context.route("**/assets/bare.js", lambda route: route.fulfill(**script))

"""Meta's side of the sandbox: its state, and finding one's way in it."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import phonenumbers

from balie_sandbox.changes import Changes
from balie_sandbox.clock import Clock
from balie_sandbox.delivery import Delivery
from balie_sandbox.faults import Faults
from balie_sandbox.ids import Ids

from . import defaults
from .addresses import wa_id_of
from .calling.model import Call
from .groups.model import Group
from .limits import Limits
from .media.files import FetchedLink, MediaFile, MediaFiles
from .message_templates.model import Template
from .messages import Message
from .model import App, Callback, Change, Number, Waba
from .phones import Phone
from .settings import Settings
from .tokens import Token
from .uploads import Upload

#: Everything that has an id of its own in a URL.
Node = App | Waba | Number | MediaFile | Template | Group | Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSetup:
    """An app with one number, as POST /control/whatsapp/app describes it."""

    app_id: str = defaults.APP_ID
    app_secret: str = defaults.APP_SECRET
    waba_id: str = defaults.WABA_ID
    phone_number_id: str = defaults.PHONE_NUMBER_ID
    display_phone_number: str = defaults.DISPLAY_PHONE_NUMBER
    verified_name: str = defaults.VERIFIED_NAME
    access_token: str = defaults.ACCESS_TOKEN
    verify_token: str = defaults.VERIFY_TOKEN
    callback_url: str | None = None


class GraphAccount:
    """Apps, accounts, numbers, phones and messages."""

    def __init__(self, clock: Clock, delivery: Delivery, faults: Faults, ids: Ids) -> None:
        self.clock = clock
        self.delivery = delivery
        self.faults = faults
        self.ids = ids
        self.changes = Changes()
        self.reset()

    def reset(self) -> None:
        """Return to the state of a fresh start: one app, one number, one customer."""
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, Token] = {}
        self.wabas: dict[str, Waba] = {}
        self.numbers: dict[str, Number] = {}
        self.phones: dict[str, Phone] = {}
        self.messages: dict[str, Message] = {}
        #: What was said in the business's app before the API, for the history sync.
        self.past_messages: list[Message] = []
        self.media = MediaFiles(self.ids)
        self.templates: dict[str, Template] = {}
        #: By account and name: when a template that had been approved was deleted.
        self.locked_names: dict[tuple[str, str], datetime] = {}
        self.groups: dict[str, Group] = {}
        self.calls: dict[str, Call] = {}
        self.uploads: dict[str, Upload] = {}
        #: By URL: files that businesses gave as links.
        self.fetched_links: dict[str, FetchedLink] = {}
        #: By app and number: changes that wait to share a webhook.
        self.batches: dict[tuple[str, str], list[Change]] = {}
        self.settings = Settings()
        self.limits = Limits()
        self.set_up(AppSetup())
        self.phone(defaults.CUSTOMER_WA_ID).name = defaults.CUSTOMER_NAME
        self.changes.touch_all()

    def set_up(self, setup: AppSetup) -> App:
        """Add the app and number, or bring them to what ``setup`` says. No handshake.

        An app without a callback is not subscribed to the account, which is how a new one
        starts at Meta, and why nothing arrives there.
        """
        app = self.apps.setdefault(
            setup.app_id, App(setup.app_id, setup.app_secret, defaults.APP_NAME)
        )
        app.secret = setup.app_secret
        self.tokens[setup.access_token] = Token(app.id)
        if setup.waba_id not in self.wabas:
            self.wabas[setup.waba_id] = Waba(setup.waba_id, defaults.WABA_NAME)
            sample = defaults.hello_world(setup.waba_id, self.ids.numeric(16), self.clock.now())
            self.templates[sample.id] = sample
        waba = self.wabas[setup.waba_id]
        waba.apps.add(app.id)
        number = self.numbers.setdefault(
            setup.phone_number_id, Number(setup.phone_number_id, setup.waba_id, "", "")
        )
        number.waba_id = setup.waba_id
        number.display = setup.display_phone_number
        number.verified_name = setup.verified_name
        if setup.callback_url is not None:
            app.callback = Callback(setup.callback_url, setup.verify_token)
            waba.subscribed.setdefault(app.id, None)
        return app

    def phone(self, wa_id: str) -> Phone:
        """Return the phone with this number; whoever is asked for has one."""
        wa_id = wa_id_of(wa_id)
        if wa_id not in self.phones:
            name = f"Customer {wa_id[-4:]}"
            self.phones[wa_id] = Phone(wa_id, user_id_for(wa_id), name, f"customer.{wa_id[-4:]}")
        return self.phones[wa_id]

    def phone_of_user(self, user_id: str) -> Phone | None:
        """Return the phone of a business-scoped user id, its parent form included."""
        return next(
            (one for one in self.phones.values() if user_id in (one.user_id, one.parent_user_id)),
            None,
        )

    def app_of_token(self, token: str) -> App | None:
        """Return the app a token acts for; ``<app id>|<secret>`` is an app's own token."""
        app_id, bar, secret = token.partition("|")
        if bar:
            app = self.apps.get(app_id)
            return app if app and app.secret == secret else None
        found = self.tokens.get(token)
        if found is None or not found.is_valid(self.clock.now()):
            return None
        return self.apps.get(found.app_id)

    def seen_by(self, app: App, object_id: str) -> Node | None:
        """Return the object with this id when the app may see it."""
        if object_id == app.id:
            return app
        found: Node | None = (
            self.numbers.get(object_id)
            or self.wabas.get(object_id)
            or self.media.find(object_id, self.clock.now())
            or self.templates.get(object_id)
            or self.groups.get(object_id)
            or self.uploads.get(object_id)
        )
        if isinstance(found, Upload):
            return found if found.app_id == app.id else None
        waba = self.waba_of(found) if found is not None else None
        return found if waba is not None and app.id in waba.apps else None

    def waba_of(self, node: Node) -> Waba | None:
        """Return the account that an object belongs to."""
        match node:
            case Waba():
                return node
            case Number() | Template():
                return self.wabas.get(node.waba_id)
            case MediaFile() | Group():
                return self.wabas.get(self.numbers[node.number_id].waba_id)
        return None

    def show(self, phone: Phone) -> None:
        """Tell the phone's page that it has something new to show."""
        self.changes.touch(phone.wa_id)


def user_id_for(wa_id: str) -> str:
    """Return a business-scoped user id: the country, a dot and digits that look random.

    The same number gets the same id, so tests and a restarted demo can rely on it.
    """
    region = "US"
    with suppress(phonenumbers.NumberParseException):
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{wa_id}")) or region
    number = int.from_bytes(hashlib.sha256(wa_id.encode()).digest()[:8])
    return f"{region}.{number:020d}"

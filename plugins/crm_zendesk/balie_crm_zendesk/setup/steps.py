"""Setting a connection up, step by step; what is there already stays or is put right."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from balie.api import Context, PluginError, SetUp, Step
from balie_crm_zendesk.answers.settings import Heard
from balie_crm_zendesk.auth import consent, header, rotation
from balie_crm_zendesk.client import Client

from . import check, delivery_field, scopes, triggers, webhooks
from .texts import tell
from .webhooks import Hook


def run(ctx: Context) -> SetUp:
    """Set up and return what was done, up to a step that the others need and that failed."""
    work = _Work(ctx)
    if work.signs_in() and work.may_do_it() and work.is_reachable() and work.has_a_webhook():
        work.hears_answers()
        work.has_the_fields()
        work.is_reached()
        work.mails_nobody_twice()
    return SetUp(steps=tuple(work.steps), learned=work.learned)


@dataclass
class _Work:
    ctx: Context
    steps: list[Step] = field(default_factory=list)
    learned: dict[str, Any] = field(default_factory=dict)
    hook: Hook = field(default_factory=lambda: Hook("", ""))

    def signs_in(self) -> bool:
        if header.is_by_consent(self.ctx) and not rotation.is_there(self.ctx):
            return self._told("sign in", tell(self.ctx, "consent", link=consent.link(self.ctx)))
        found = check.check(self.ctx)
        if not found.ok and header.is_by_consent(self.ctx):
            link = tell(self.ctx, "consent", link=consent.link(self.ctx))
            return self._told("sign in", f"{found.text} {link}")
        self.steps.append(Step(name="sign in", ok=found.ok, text=found.text))
        return found.ok

    def may_do_it(self) -> bool:
        def role() -> str:
            me = Client(self.ctx).me()
            if me.role != "admin":
                raise PluginError(tell(self.ctx, "no_admin", name=me.name))
            granted = header.granted(self.ctx)
            missing = scopes.missing(Client(self.ctx), granted)
            if missing:
                raise PluginError(self._too_little(missing))
            return tell(self.ctx, "scopes", scope=granted)

        return self._tried("permissions", role)

    def _too_little(self, missing: list[str]) -> str:
        told = tell(self.ctx, "scopes_missing", missing=", ".join(missing))
        if header.is_by_consent(self.ctx):
            told += " " + tell(self.ctx, "consent", link=consent.link(self.ctx))
        return told

    def is_reachable(self) -> bool:
        if self.ctx.hook_url.startswith(("https://", "http://")):
            return True
        return self._told("address", tell(self.ctx, "no_public_url"))

    def has_a_webhook(self) -> bool:
        def made() -> str:
            self.hook = webhooks.ensure(Client(self.ctx))
            self.learned["webhook_secret"] = webhooks.secret(Client(self.ctx), self.hook.id)
            return f"{self.hook.text} {tell(self.ctx, 'secret')}"

        return self._tried("webhook", made)

    def hears_answers(self) -> None:
        client = Client(self.ctx)
        if self.ctx.config["heard_by"] == Heard.EVENTS:
            if told := self._quietly(lambda: triggers.switch_off(client, self.hook)):
                self.steps.append(Step(name="triggers", ok=True, text=told))
            return
        self._tried("triggers", lambda: triggers.ensure(client, self.hook))

    def has_the_fields(self) -> None:
        def made() -> str:
            field_id, told = delivery_field.ensure(Client(self.ctx))
            self.learned["delivery_field_id"] = field_id
            return told

        def made_for_tracing() -> str:
            field_id, told = delivery_field.ensure_trace(Client(self.ctx))
            self.learned["trace_field_id"] = field_id
            return told

        self._tried("field", made)
        self._tried("trace field", made_for_tracing)

    def is_reached(self) -> None:
        def called() -> str:
            url = self.ctx.hook_url
            try:
                well, why = webhooks.reached(Client(self.ctx), self.hook)
            except PluginError as problem:
                well, why = False, str(problem)
            if not well:
                raise PluginError(tell(self.ctx, "not_reached", url=url, why=why))
            return tell(self.ctx, "reached", url=url)

        self._tried("test call", called)

    def mails_nobody_twice(self) -> None:
        def looked() -> str:
            names = triggers.mailing(Client(self.ctx))
            if not names:
                return tell(self.ctx, "no_mails")
            tag = self.ctx.config["tag"]
            return tell(self.ctx, "mails", tag=tag, names=", ".join(f"“{one}”" for one in names))

        self._tried("other triggers", looked)

    def _tried(self, name: str, work: Callable[[], str]) -> bool:
        try:
            self.steps.append(Step(name=name, ok=True, text=work()))
        except PluginError as problem:
            return self._told(name, str(problem))
        return True

    def _quietly(self, work: Callable[[], str]) -> str:
        try:
            return work()
        except PluginError as problem:
            self._told("triggers", str(problem))
            return ""

    def _told(self, name: str, text: str) -> bool:
        self.steps.append(Step(name=name, ok=False, text=text))
        return False

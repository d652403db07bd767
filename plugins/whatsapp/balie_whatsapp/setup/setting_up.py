"""Setting a connection up at Meta, step by step. Done again it puts right what is not."""

from collections.abc import Iterator

from balie.api import Context, PluginError, Rejected, SetUp, Step
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.setup import app_fields, calling, inventory, number, profile, token, webhooks
from balie_whatsapp.setup.bench import Bench


def set_up(ctx: Context) -> SetUp:
    """Do every step and tell what came of each. Without a token the rest is not tried."""
    bench = Bench(ctx, GraphClient(ctx))
    return SetUp(steps=tuple(_steps(bench)), learned=bench.learned)


def _steps(bench: Bench) -> Iterator[Step]:
    first = bench.attempt(token.NAME, token.check_token)
    yield first
    if not first.ok and not bench.app_id:
        return
    try:
        yield from number.read_number(bench)
    except PluginError as error:
        told = error.text if isinstance(error, Rejected) else str(error)
        yield Step(name=bench.say(*number.NAME), ok=False, text=told)
        return
    yield bench.attempt(("Account", "Account"), number.check_account)
    yield bench.attempt(webhooks.SUBSCRIPTION, webhooks.subscribe)
    yield bench.attempt(webhooks.CALLBACK, webhooks.set_callback)
    yield bench.attempt(app_fields.FIELDS, app_fields.check_fields)
    yield bench.attempt(inventory.TEMPLATES, inventory.count_templates)
    yield from _wishes(bench)


def _wishes(bench: Bench) -> Iterator[Step]:
    """Yield the steps that only some tenants want, and groups, which only some numbers have."""
    config = bench.ctx.config
    if profile.profile_of(bench):
        yield bench.attempt(profile.PROFILE, profile.set_profile)
    if (config["questions"] + config["commands"]).strip():
        yield bench.attempt(profile.QUESTIONS, profile.set_questions)
    if config["entry_points"].strip():
        yield bench.attempt(profile.LINKS, profile.make_links)
    if calling.calling_of(bench):
        yield bench.attempt(calling.CALLING, calling.set_calling)
    groups = bench.attempt(inventory.GROUPS, inventory.learn_groups)
    if groups.ok:
        yield groups

"""What the core is told of a number's limits and of the tenant's wishes."""

import pytest

from balie.api import Context, MediaKind, PaceScope, ServiceWindow
from balie_whatsapp.plugin import plugin

from .conftest import make_context


def test_window_is_metas_with_the_tenants_wishes(clock, session):
    ctx = make_context(
        clock,
        session,
        waiting_template="antwoord_wacht/nl",
        remind_before_hours=2,
        remind_text="Sluit om {time}.",
        hold_days=3,
    )
    assert plugin.capabilities(ctx).window == ServiceWindow(
        hours=24.0,
        remind_before_hours=2.0,
        remind_text="Sluit om {time}.",
        waiting_template=("antwoord_wacht", "nl"),
        hold_days=3.0,
        closed_codes=frozenset({"131047"}),
    )


def test_without_wishes_nothing_is_sent_by_itself(ctx: Context):
    found = plugin.capabilities(ctx)
    assert (found.window.waiting_template, found.window.remind_before_hours) == (None, 0.0)
    assert (found.text_limit, found.caption_limit, found.marks_read) == (4096, 1024, True)
    assert (found.allowance.type, found.allowance.messages) == ("free_customer_service", 1000)


@pytest.mark.parametrize("speed", [20, 80, 1000])
def test_paces_are_the_pairs_and_the_numbers(clock, session, speed):
    ctx = make_context(clock, session, messages_per_second=speed)
    assert [(pace.scope, pace.seconds, pace.burst) for pace in plugin.capabilities(ctx).paces] == [
        (PaceScope.CONVERSATION, 6.0, 45),
        (PaceScope.CONNECTION, 1 / speed, speed),
    ]


def test_files_are_those_of_metas_table(ctx: Context):
    rules = {rule.kind: (rule.types[0], rule.most_bytes) for rule in plugin.capabilities(ctx).media}
    assert rules == {
        MediaKind.IMAGE: ("image/jpeg", 5_000_000),
        MediaKind.VIDEO: ("video/mp4", 16_000_000),
        MediaKind.AUDIO: ("audio/aac", 16_000_000),
        MediaKind.VOICE: ("audio/ogg", 16_000_000),
        MediaKind.STICKER: ("image/webp", 100_000),
        MediaKind.DOCUMENT: ("text/plain", 100_000_000),
    }


def test_read_marks_are_the_tenants_choice(clock, session):
    ctx = make_context(clock, session, mark_read=False)
    assert plugin.capabilities(ctx).marks_read is False

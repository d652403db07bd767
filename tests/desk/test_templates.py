"""Templates: read from the vendor, kept up to date, found, and filled in."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.databases import ON_SQLITE
from tests.ledger.paper import NOON

from balie.api import EventKind, Rejected, Template, TemplateChanged, TransientError
from balie.desk.templates.catalogue import (
    TemplateRow,
    TemplateSyncRow,
    all_of,
    named,
    usable,
    use,
    were_read,
)
from balie.desk.templates.sync import AFTER_FAILURE, EVERY
from balie.desk.templates.values import Facts, TemplateUnusable, by_itself, example, filled, render
from balie.tenants.models import ConnectionRow, State

SHIPPED = Template(
    id="1",
    name="order_shipped",
    language="nl",
    category="UTILITY",
    status="APPROVED",
    text="Hoi {body.1}, bestelling {body.2} is onderweg.",
    variables=(("body.1", "Noor"), ("body.2", "4711")),
    components=[{"type": "BODY"}],
)


def like(template: Template = SHIPPED, **changes: object) -> Template:
    fields = {name: getattr(template, name) for name in Template.__slots__}
    return Template(**(fields | changes))


@pytest.fixture
def vendor(paper):
    """The counter, whose vendor has one template."""
    paper.channel.templates = [SHIPPED]
    return paper


def chat(paper) -> int:
    return paper.services.directory.connection("winkel", "chat").id


def sync(paper) -> int:
    return paper.services.templates.sync(chat(paper))


def known(paper) -> list[Template]:
    with paper.services.store.reading() as session:
        return [row.as_template() for row in all_of(session, chat(paper))]


def problem(paper) -> str:
    with paper.services.store.reading() as session:
        row = session.get(TemplateSyncRow, chat(paper))
    return row.problem if row is not None else ""


# --- Reading them --------------------------------------------------------------------------


def test_templates_are_kept_as_the_vendor_has_them(vendor):
    assert sync(vendor) == 1

    assert known(vendor) == [like(components=[{"type": "BODY"}])]


def test_reading_again_follows_the_vendor(vendor):
    vendor.channel.templates = [SHIPPED, like(name="gone")]
    sync(vendor)
    vendor.channel.templates = [like(status="PAUSED", quality="RED"), like(language="en")]
    sync(vendor)

    assert [(one.name, one.language, one.status, one.quality) for one in known(vendor)] == [
        ("order_shipped", "en", "APPROVED", ""),
        ("order_shipped", "nl", "PAUSED", "RED"),
    ]


def test_vendor_that_fails_leaves_what_is_known(vendor):
    sync(vendor)
    vendor.channel.templates = TransientError("away")
    with pytest.raises(TransientError):
        sync(vendor)

    assert known(vendor) == [SHIPPED]


def test_clock_reads_once_an_hour_and_a_failed_one_sooner(vendor):
    look, clock = vendor.services.templates.look, vendor.clock
    look()
    assert known(vendor) == [SHIPPED]

    vendor.channel.templates = TransientError("away")
    clock.at = NOON + EVERY - timedelta(seconds=1)
    look()
    assert problem(vendor) == ""
    clock.at = NOON + EVERY
    look()
    assert problem(vendor) == "away"

    vendor.channel.templates = []
    clock.forward(AFTER_FAILURE.total_seconds() - 1)
    look()
    assert known(vendor) == [SHIPPED]
    clock.forward(1)
    look()
    assert (known(vendor), problem(vendor)) == ([], "")


def test_connection_that_is_off_or_has_no_templates_is_not_asked(vendor):
    with vendor.services.store.writing() as session:
        session.execute(
            update(ConnectionRow).where(ConnectionRow.slug == "chat").values(state=State.OFF)
        )
    vendor.services.templates.look()

    assert vendor.rows(TemplateRow) == []
    assert [row.connection_id for row in _sync_rows(vendor)] == []


def _sync_rows(paper):
    with paper.services.store.reading() as session:
        return session.query(TemplateSyncRow).all()


def test_one_vendor_that_crashes_does_not_stop_the_round(vendor, another_tenant):
    another_tenant("shop")
    vendor.channel.templates = KeyError("x")
    vendor.services.templates.look()

    assert len(_sync_rows(vendor)) == 2


def test_template_that_cannot_be_stored_is_left_out_alone(vendor):
    deep: list[object] = []
    for _ in range(2000):
        deep = [deep]
    vendor.channel.templates = [like(name="deep", components=deep), SHIPPED]

    assert sync(vendor) == 1
    assert known(vendor) == [SHIPPED]


def test_twins_and_names_without_end_are_one_template_each(vendor):
    endless = "x" * 2000
    vendor.channel.templates = [SHIPPED, like(status="PAUSED"), like(name=endless)]
    sync(vendor)
    sync(vendor)

    assert [one.status for one in known(vendor)] == ["PAUSED", "APPROVED"]


def test_submitted_template_is_kept_as_the_vendor_took_it(vendor):
    taken = vendor.services.templates.submit(chat(vendor), like(id="", name="new", status=""))
    vendor.services.templates.submit(chat(vendor), like(id="", name="new", status=""))

    assert (taken.id, taken.status) == ("id-new", "PENDING")
    assert [(one.name, one.status) for one in known(vendor)] == [("new", "PENDING")]


def test_template_that_the_vendor_refuses_is_not_kept(vendor):
    with pytest.raises(Rejected):
        vendor.services.templates.submit(chat(vendor), like(name="bad"))

    assert known(vendor) == []


# --- Changes the vendor tells --------------------------------------------------------------


def tell(paper, **changes: object) -> str:
    facts = {"name": "order_shipped", "language": "nl", "at": paper.clock.now()}
    paper.happens(TemplateChanged(**(facts | changes)), kind=EventKind.NOTICE, lane="templates")
    paper.drain()
    return str(paper.items("notice")[-1].reason)


def test_change_is_followed_and_what_is_not_named_stays(vendor):
    sync(vendor)
    vendor.clock.forward(60)
    tell(vendor, status="PAUSED", reason="LOW_QUALITY")
    tell(vendor, quality="RED")

    (template,) = known(vendor)
    assert (template.status, template.reason) == ("PAUSED", "LOW_QUALITY")
    assert (template.quality, template.category) == ("RED", "UTILITY")
    tell(vendor, status="APPROVED")
    (template,) = known(vendor)
    assert (template.status, template.reason) == ("APPROVED", "")


def test_change_from_before_the_last_reading_is_not_believed(vendor):
    sync(vendor)

    why = tell(vendor, status="REJECTED", at=NOON - timedelta(seconds=1))

    assert why == "template order_shipped (nl) was read since"
    assert known(vendor) == [SHIPPED]


def test_change_that_the_vendors_clock_has_before_the_last_reading_is_read_soon(vendor):
    sync(vendor)
    vendor.channel.templates = [like(status="REJECTED")]

    tell(vendor, status="REJECTED", at=NOON - timedelta(seconds=1))
    vendor.services.templates.look()

    assert [template.status for template in known(vendor)] == ["REJECTED"]


def test_change_in_the_second_of_the_last_reading_is_followed(vendor):
    """Vendors tell whole seconds."""
    vendor.clock.forward(0.7)
    sync(vendor)

    assert tell(vendor, status="PAUSED", at=NOON) == ""
    assert [template.status for template in known(vendor)] == ["PAUSED"]


def test_change_of_an_unknown_template_lets_all_be_read_soon(vendor):
    sync(vendor)
    vendor.channel.templates = [SHIPPED, like(name="new")]

    assert tell(vendor, name="new", status="APPROVED").endswith("is not known here yet")
    vendor.services.templates.look()
    assert len(known(vendor)) == 2


# --- Finding them --------------------------------------------------------------------------


def found(paper, name: str, **wish: str) -> Template:
    with paper.services.store.reading() as session:
        return usable(session, chat(paper), name, **wish)


def test_language_of_the_tenant_goes_before_others(vendor):
    vendor.channel.templates = [like(language=one) for one in ("de", "en_US", "nl")]
    sync(vendor)

    assert found(vendor, "order_shipped", locale="nl").language == "nl"
    assert found(vendor, "order_shipped", locale="en").language == "en_US"
    assert found(vendor, "order_shipped", language="de", locale="nl").language == "de"


def test_usable_one_goes_before_one_in_the_tenants_language(vendor):
    vendor.channel.templates = [like(language="nl", status="PAUSED"), like(language="en")]
    sync(vendor)

    assert found(vendor, "order_shipped", locale="nl").language == "en"


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "wish", "says"),
    [
        (
            "order_shiped",
            {},
            "Er is geen sjabloon “order_shiped”. Bedoeld is misschien: order_shipped.",
        ),
        ("zzz", {}, "Er is geen sjabloon “zzz”."),
        (
            "order_shipped",
            {"language": "fr"},
            "Het sjabloon “order_shipped” is er niet in de taal “fr”, wel in: nl.",
        ),
        (
            "paused",
            {},
            (
                "Het sjabloon “paused” (nl) kan nu niet worden gebruikt: het kanaal noemt het "
                "PAUSED (LOW_QUALITY). Kies een ander, of laat een beheerder ernaar kijken."
            ),
        ),
    ],
    ids=["misspelt", "missing", "language", "paused"],
)
def test_what_cannot_be_used_says_why(vendor, name, wish, says):
    vendor.channel.templates = [SHIPPED, like(name="paused", status="PAUSED", reason="LOW_QUALITY")]
    sync(vendor)

    with pytest.raises(TemplateUnusable) as refusal:
        found(vendor, name, **wish)

    assert refusal.value.said("nl") == says
    assert refusal.value.said("en") == str(refusal.value) != says


def test_other_connections_templates_are_not_found(vendor, another_tenant):
    another_tenant("shop")
    sync(vendor)
    other = vendor.services.directory.connection("shop", "chat").id

    with vendor.services.store.reading() as session:
        assert were_read(session, chat(vendor))
        assert not were_read(session, other)
        with pytest.raises(TemplateUnusable):
            named(session, other, "order_shipped")


# --- Filling them in -----------------------------------------------------------------------

ANNA = Facts(name="Anna", ticket="35")


def test_values_are_given_by_position_or_by_name():
    filled_in = use(SHIPPED, {"1": "{naam}", "body.2": "bij {ticket}"}, ANNA)

    assert dict(filled_in.values) == {"body.1": "Anna", "body.2": "bij 35"}
    assert filled_in.text == "Hoi Anna, bestelling bij 35 is onderweg."


def test_short_name_means_the_body_then_the_header_then_a_button():
    variables = (("header.media", ""), ("header.1", ""), ("body.1", ""), ("button.0", ""))
    given = {"1": "b", "media": "m", "header.1": "h", "0": "x"}

    assert filled("t", variables, given, ANNA) == {
        "body.1": "b",
        "header.media": "m",
        "header.1": "h",
        "button.0": "x",
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"1": "Anna"},
            (
                "The template “order_shipped” still needs: body.2. Write it like this: "
                '/template order_shipped 1="Noor" 2="4711"'
            ),
        ),
        (
            {"1": "Anna", "2": "  "},
            (
                "The template “order_shipped” still needs: body.2. Write it like this: "
                '/template order_shipped 1="Noor" 2="4711"'
            ),
        ),
        (
            {"1": "a", "2": "b", "3": "c"},
            "The template “order_shipped” has no variable “3”. It knows: body.1, body.2.",
        ),
    ],
    ids=["one missing", "one empty", "one too many"],
)
def test_values_that_do_not_fit_say_how_to_write_them(given, says):
    with pytest.raises(TemplateUnusable) as refusal:
        filled("order_shipped", SHIPPED.variables, given, ANNA)

    assert str(refusal.value) == says


def test_template_without_variables_takes_none():
    assert filled("plain", (), {}, ANNA) == {}
    assert example("plain", ()) == "/template plain"
    with pytest.raises(TemplateUnusable, match="has no variables, so no “1” either"):
        filled("plain", (), {"1": "x"}, ANNA)


def test_nobody_fills_in_but_the_customers_name():
    assert by_itself("t", (("body.1", "x"),), ANNA) == {"body.1": "Anna"}
    assert by_itself("t", (("body.first_name", "x"),), ANNA) == {"body.first_name": "Anna"}
    with pytest.raises(TemplateUnusable):
        by_itself("t", (("body.name", ""), ("body.order", "")), ANNA)
    with pytest.raises(TemplateUnusable):
        by_itself("t", (("body.1", ""),), Facts())


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{body.1} {body.1}", "{body.2} {body.2}"),  # what is filled in is not read again
        ("{0} {} {body.9} {{body.1}}", "{0} {} {body.9} {{body.2}}"),
        ("{body.1.__class__}", "{body.1.__class__}"),
    ],
)
def test_holes_are_filled_once_and_nothing_else_is_read(text, rendered):
    assert render(text, {"body.1": "{body.2}", "body.2": "x"}) == rendered

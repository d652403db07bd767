"""What customers see of the number: its profile, its opening hours, its first questions."""

from marshmallow import ValidationError, fields, validate, validates

from balie.api import ConfigSchema
from balie_whatsapp.setup.hours import HoursInvalid, read_hours

VERTICALS = (
    *("OTHER", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE"),
    *("GROCERY", "GOVT", "HOTEL", "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL"),
    *("RESTAURANT", "ALCOHOL", "ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS"),
)
"""The lines of business that Meta's page "Business profiles" names."""


def read_commands(written: str) -> list[tuple[str, str]]:
    """Return names and descriptions from lines of ``name: description``."""
    lines = (line.partition(":") for line in written.splitlines() if line.strip())
    return [(name.strip().removeprefix("/"), told.strip()) for name, _, told in lines]


def _text(description: str, most: int) -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=most),
        metadata={"description": description},
    )


class Presence(ConfigSchema):
    """Empty settings are left at Meta as they are. Limits are Meta's, from "Business profiles"."""

    about = _text("The profile's one line; empty: made of hours and reply time.", 139)
    address = _text("The profile's address.", 256)
    description = _text("The profile's description; hours, reply time and topics follow it.", 512)
    email = _text("The profile's e-mail address.", 128)
    websites = _text("The profile's websites, two at most, with a comma between.", 513)
    vertical = fields.String(
        load_default="",
        validate=validate.OneOf(("", *VERTICALS)),
        metadata={"description": f"The line of business: one of {', '.join(VERTICALS)}."},
    )
    opening_hours = _text("Opening hours in words, such as: ma-vr 9.00-17.00.", 100)
    reply_time = _text("How soon is answered, in words, such as: binnen een uur.", 60)
    topics = _text("What the number is for, in words.", 200)
    questions = _text("First questions to tap (4 of 80 characters at most), one a line.", 400)
    commands = _text(
        "Commands that customers see behind a slash, one a line, as name: description.", 9000
    )
    entry_points = _text(
        "Texts of short links (140 characters at most), one a line, one for each place where "
        "customers find the number, such as: Vraag over mijn pakbon.",
        3000,
    )
    calling = fields.String(
        load_default="",
        validate=validate.OneOf(("", "on", "off")),
        metadata={"description": "Whether customers can call the number; empty: as it is."},
    )
    call_hours = _text("When customers can call, such as: mon-fri 0900-1700; sat 1000-1400.", 500)
    timezone = fields.String(
        load_default="Europe/Amsterdam",
        validate=validate.Regexp(r"[A-Za-z_]+(/[A-Za-z_+-]+)*\Z", error="is no time zone."),
        metadata={"description": "The time zone of call_hours."},
    )

    @validates("call_hours")
    def _can_be_read(self, value: str, data_key: str) -> None:
        try:
            read_hours(value)
        except HoursInvalid as error:
            raise ValidationError(f"{data_key}: {error}") from None

    @validates("questions")
    def _are_few_and_short(self, value: str, data_key: str) -> None:
        lines = [line for line in value.splitlines() if line.strip()]
        if len(lines) > 4 or any(len(line) > 80 for line in lines):
            raise ValidationError(f"{data_key} takes 4 lines of 80 characters.")

    @validates("commands")
    def _are_named(self, value: str, data_key: str) -> None:
        found = read_commands(value)
        named = all(1 <= len(name) <= 32 and 1 <= len(told) <= 256 for name, told in found)
        if len(found) > 30 or not named:
            raise ValidationError(f"{data_key} takes 30 lines such as track: Where is my order?")

    @validates("entry_points")
    def _are_short(self, value: str, data_key: str) -> None:
        if any(len(line) > 140 for line in value.splitlines()):
            raise ValidationError(f"{data_key} takes lines of 140 characters.")

    @validates("websites")
    def _are_addresses(self, value: str, data_key: str) -> None:
        found = [one.strip() for one in value.split(",") if one.strip()]
        wrong = [one for one in found if not one.startswith(("https://", "http://"))]
        if len(found) > 2 or wrong or any(len(one) > 256 for one in found):
            raise ValidationError(f"{data_key} takes two addresses that begin with https://.")

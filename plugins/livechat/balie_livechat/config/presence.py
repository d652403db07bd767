"""When somebody is there, and what else there is."""

import re
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields, validate, validates

from balie.api import BaseUrl, ConfigSchema, PhoneInvalid, to_e164
from balie_livechat.availability import public_holidays
from balie_livechat.availability.hours import HoursInvalid, read_days, read_hours
from balie_livechat.config.languages import check_lists, spoken
from balie_livechat.config.looks import described

_PAGE = re.compile(r"(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s\"'<>#{}]+")
"""A page of a site; this machine's too, where demos live."""


class Presence(ConfigSchema):
    """Empty hours mean always."""

    opening_hours = described(
        "When chats are answered: mon-fri 9:00-17:00; sat 10:00-14:00. Empty: always.", most=500
    )
    timezone = fields.String(
        load_default="Europe/Amsterdam",
        metadata={"description": "The time zone of the opening hours."},
    )
    holidays = described(
        "Country whose public holidays are closed days (NL; a part of one: DE-BY). Empty: none.",
        most=10,
    )
    closed_on = described("Further closed days: 2026-12-24, 2026-12-31.", most=2_000)
    agents = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0),
        metadata={"description": "How many people answer chats, to reckon the wait; 0: not told."},
    )
    minutes_per_chat = fields.Float(
        load_default=6.0,
        validate=validate.Range(min=0, min_inclusive=False),
        metadata={"description": "How long one chat takes an agent, to reckon the wait."},
    )
    most_waiting = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0),
        metadata={
            "description": "When so many wait, the widget offers to leave a question; 0: never."
        },
    )
    reply_time = spoken("How soon is answered, in words: meestal binnen 5 minuten.", most=100)
    topics = spoken(
        "What the chat is for, with a comma between: Bestelling, Retour.",
        most=500,
        also=[check_lists],
    )
    phone = described("A telephone number to be offered beside the chat.", most=40)
    mail = described("An e-mail address to be offered beside the chat.", most=128)
    whatsapp_number = described("Your WhatsApp number, to go on there: +31 6 12345678.", most=40)
    whatsapp_link_url = BaseUrl(
        load_default="https://wa.me",
        metadata={
            "description": "Where links lead that open WhatsApp; another only for a sandbox."
        },
    )
    whatsapp_connection = described(
        "The name (slug) of the WhatsApp connection by which customers are answered who left.",
        most=63,
    )
    mail_connection = described(
        "The name (slug) of the e-mail connection by which customers are answered who left and are "
        "signed in on your site, at an address that it has verified.",
        most=63,
    )
    chat_page = described(
        "The page of your site with the chat, to come back to from WhatsApp: https://….", most=500
    )
    absent_seconds = fields.Float(
        load_default=120.0,
        validate=validate.Range(min=0),
        metadata={
            "description": "How long an answer may wait for a visitor who is gone, before it goes "
            "another way; 0: for ever."
        },
    )
    tap_hours = fields.Float(
        load_default=4.0,
        validate=validate.Range(min=0),
        metadata={
            "description": "How many hours an answer may wait on WhatsApp for the customer's tap, "
            "before it goes on by e-mail; 0: for as long as it is kept there."
        },
    )

    @validates("opening_hours")
    def _hours_can_be_read(self, value: str, data_key: str) -> None:
        try:
            read_hours(value)
        except HoursInvalid as error:
            raise ValidationError(f"{data_key}: {error}") from None

    @validates("closed_on")
    def _days_can_be_read(self, value: str, data_key: str) -> None:
        try:
            read_days(value)
        except HoursInvalid as error:
            raise ValidationError(f"{data_key}: {error}") from None

    @validates("timezone")
    def _is_a_zone(self, value: str, data_key: str) -> None:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValidationError(f"{data_key} is no time zone; write Europe/Amsterdam.") from None

    @validates("holidays")
    def _is_a_country(self, value: str, data_key: str) -> None:
        if value and not public_holidays.is_known(value):
            raise ValidationError(f"{data_key} is no country that we know; write NL.")

    @validates("chat_page")
    def _is_a_page(self, value: str, data_key: str) -> None:
        if value and not _PAGE.fullmatch(value):
            raise ValidationError(f"{data_key} is no address that begins with https://, without #.")

    @validates("whatsapp_number")
    def _is_a_number(self, value: str, data_key: str) -> None:
        try:
            if value:
                to_e164(value, "NL")
        except PhoneInvalid:
            raise ValidationError(f"{data_key} is no number; write it as +31 6 12345678.") from None

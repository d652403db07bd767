"""/control/whatsapp: what customers, their phones, and a tester can do."""

from dataclasses import fields as dataclass_fields
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object, load

from .account import AppSetup, GraphAccount
from .addresses import digits_of
from .control_schemas import AppSchema, PhoneSchema, SettingsSchema, WrittenSchema, text_in
from .inbound import Written, customer_writes
from .model import Number, Phone, Settings
from .statuses import come_online, read_all


def number_named(account: GraphAccount, number_id: str | None) -> Number:
    """Return the business number with this id, or the only one. Raises BadInput."""
    if number_id is not None and number_id in account.numbers:
        return account.numbers[number_id]
    if number_id is None and len(account.numbers) == 1:
        return next(iter(account.numbers.values()))
    known = ", ".join(account.numbers)
    raise BadInput(f"to must be one of the phone number ids there are: {known}.")


def phone_named(account: GraphAccount, text: str) -> Phone:
    """Return the phone with this number, in any notation. Raises BadInput."""
    business = next(iter(account.numbers.values()))
    digits = digits_of(text, business.display)
    if digits is None:
        raise BadInput(f"{text!r} is not a phone number; write it like +31655501234.")
    return account.phone(digits)


def phone_as_json(account: GraphAccount, phone: Phone) -> dict[str, Any]:
    """Return what the phone shows and how it is set."""
    now = account.clock.now()
    return {
        "number": phone.wa_id,
        "user_id": phone.user_id,
        "name": phone.name,
        "username": phone.username,
        "persona": phone.persona,
        "online": phone.online,
        "read_receipts": phone.read_receipts,
        "auto_read": phone.auto_read,
        "not_on_whatsapp": phone.not_on_whatsapp,
        "typing": phone.typing_until is not None and now < phone.typing_until,
        "version": account.changes.version(phone.wa_id),
        "messages": [message.as_json() for message in phone.shown],
    }


def whatsapp_control_blueprint(account: GraphAccount) -> Blueprint:
    """Return the routes, mounted at /control/whatsapp."""
    blueprint = Blueprint("whatsapp_control", __name__)
    add_writing(blueprint, account)
    add_phones(blueprint, account)
    add_set_up(blueprint, account)
    return blueprint


def add_writing(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add what makes a customer write."""

    @blueprint.post("/messages")
    def write() -> ResponseReturnValue:
        asked = load(WrittenSchema(), json_object())
        phone = phone_named(account, asked["from_"])
        number = number_named(account, asked.get("to"))
        phone.name = asked.get("name", phone.name)
        phone.user_id = asked.get("user_id", phone.user_id)
        ids = []
        for turn in range(1, asked["count"] + 1):
            text = str(text_in(asked.get("text")) or "")
            written = Written(
                type=asked["type"],
                text=text.replace("{n}", str(turn)) if asked["count"] > 1 else text,
                reply_to=asked.get("reply_to"),
                extra=asked.get("message", {}) if asked["type"] != "text" else {},
            )
            ids.append(customer_writes(account, phone, number, written).id)
        return jsonify(id=ids[0], ids=ids)


def add_phones(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add what a customer's phone shows and how it behaves."""

    @blueprint.get("/phones/<number>")
    def look(number: str) -> ResponseReturnValue:
        return jsonify(phone_as_json(account, phone_named(account, number)))

    @blueprint.post("/phones/<number>")
    def set_phone(number: str) -> ResponseReturnValue:
        phone = phone_named(account, number)
        asked = load(PhoneSchema(), json_object())
        for name, value in asked.items():
            setattr(phone, name, value)
        if phone.online:
            come_online(account, phone)
        account.show(phone)
        return jsonify(phone_as_json(account, phone))

    @blueprint.post("/phones/<number>/read")
    def read(number: str) -> ResponseReturnValue:
        return jsonify(read=read_all(account, phone_named(account, number)))


def add_set_up(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add apps, numbers and switches."""

    @blueprint.post("/app")
    def set_up_app() -> ResponseReturnValue:
        setup = AppSetup(**load(AppSchema(), json_object()))
        account.set_up(setup)
        shown = {field.name: getattr(setup, field.name) for field in dataclass_fields(setup)}
        return jsonify(shown)

    @blueprint.get("/settings")
    def show_settings() -> ResponseReturnValue:
        return jsonify(settings_as_json(account.settings))

    @blueprint.post("/settings")
    def change_settings() -> ResponseReturnValue:
        for name, value in load(SettingsSchema(), json_object()).items():
            setattr(account.settings, name, value)
        return jsonify(settings_as_json(account.settings))


def settings_as_json(settings: Settings) -> dict[str, Any]:
    """Return every switch by its name."""
    return {field.name: getattr(settings, field.name) for field in dataclass_fields(settings)}

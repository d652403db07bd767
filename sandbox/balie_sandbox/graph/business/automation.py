"""Commands, ice breakers, the welcome message, and the shop (reference/whatsapp.md 9.3, 9.6)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import invalid_parameter
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.parameters import Parameters, decoded

MAX_COMMANDS = 30
NAME_LENGTH = 32
DESCRIPTION_LENGTH = 256
MAX_PROMPTS = 4
PROMPT_LENGTH = 80
#: Symbols and pictures begin about here; commands and prompts take none.
FIRST_EMOJI = 0x2190


def change_automation(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/conversational_automation. Raises code 100."""
    changed: dict[str, Any] = {}
    if "enable_welcome_message" in found:
        changed["enable_welcome_message"] = found["enable_welcome_message"] in (True, "true")
    if found.get("commands") is not None:
        given = found["commands"]
        # A JSON text in a JSON body is taken as well.
        changed["commands"] = commands_of(decoded(given) if isinstance(given, str) else given)
    if found.get("prompts") is not None:
        changed["prompts"] = prompts_of(found["prompts"])
    number.automation |= changed
    return {"success": True}


def commands_of(value: Any) -> list[dict[str, str]]:
    """Return up to 30 commands. Raises code 100."""
    if not isinstance(value, list) or len(value) > MAX_COMMANDS:
        raise invalid_parameter(f"Param commands must be an array of at most {MAX_COMMANDS}.")
    commands = []
    for one in value:
        if not isinstance(one, dict):
            raise invalid_parameter("Param commands must hold objects.")
        name, description = one.get("command_name"), one.get("command_description")
        commands.append(
            {
                "command_name": plain(name, NAME_LENGTH, "command_name"),
                "command_description": plain(description, DESCRIPTION_LENGTH, "description"),
            }
        )
    return commands


def prompts_of(value: Any) -> list[str]:
    """Return up to 4 ice breakers. Raises code 100."""
    if not isinstance(value, list) or len(value) > MAX_PROMPTS:
        raise invalid_parameter(f"Param prompts must be an array of at most {MAX_PROMPTS}.")
    return [plain(one, PROMPT_LENGTH, "prompts") for one in value]


def plain(value: Any, longest: int, key: str) -> str:
    """Return a text without emoji. Raises code 100."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise invalid_parameter(f"Param {key} must be 1 to {longest} characters long.")
    if any(ord(letter) >= FIRST_EMOJI for letter in value):
        raise invalid_parameter(f"Param {key} must not hold emoji.")
    return value


def show_commerce(
    _account: GraphAccount, _app: App, number: Number, _found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/whatsapp_commerce_settings."""
    usual = {"id": number.id, "is_cart_enabled": True, "is_catalog_visible": False}
    return {"data": [usual | number.commerce]}


def change_commerce(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/whatsapp_commerce_settings."""
    for key in ("is_cart_enabled", "is_catalog_visible"):
        if key in found:
            number.commerce[key] = found[key] in (True, "true", "True")
    return {"success": True}

"""What customers see before they write: the profile, first questions, short links."""

from typing import Any

from balie.api import Step
from balie_whatsapp.config.presence import read_commands
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.untrusted import mappings, one_line

PROFILE = ("Profiel", "Profile")
QUESTIONS = ("Vragen en opdrachten", "Questions and commands")
LINKS = ("Korte links", "Short links")
_ABOUT, _DESCRIPTION = 139, 512  # characters, from Meta's page "Business profiles"
_PLAIN = ("address", "email", "vertical")
_MOST_LINKS = "100"


def profile_of(bench: Bench) -> dict[str, Any]:
    """Return the profile that the settings ask for: hours, reply time and topics in its words."""
    config = bench.ctx.config
    hours, soon, topics = (config[key] for key in ("opening_hours", "reply_time", "topics"))
    told = [
        f"{bench.say(*label)}: {text}"
        for label, text in (
            (("Open", "Open"), hours),
            (("Antwoord", "Reply"), soon),
            (("Voor", "For"), topics),
        )
        if text
    ]
    wanted = {
        "about": config["about"] or " · ".join(text for text in told[:2] if hours or soon),
        "description": "\n".join(filter(None, [config["description"], *told])),
        **{key: config[key] for key in _PLAIN},
        "websites": [one.strip() for one in config["websites"].split(",") if one.strip()],
    }
    return {key: value for key, value in wanted.items() if value}


def set_profile(bench: Bench) -> Step:
    """Write the profile; what the settings leave empty stays as it is."""
    profile = profile_of(bench)
    for key, limit in (("about", _ABOUT), ("description", _DESCRIPTION)):
        over = len(profile.get(key, "")) - limit
        if over > 0:
            return bench.wrong(
                PROFILE,
                f"Het profiel is {over} tekens te lang bij {key}; kort de instellingen in.",
                f"The profile is {over} characters too long in {key}; shorten the settings.",
            )
    path = bench.client.of_number("whatsapp_business_profile")
    bench.client.write(path, {"messaging_product": "whatsapp", **profile})
    names = ", ".join(profile)
    return bench.done(PROFILE, f"Gezet: {names}.", f"Set: {names}.")


def set_questions(bench: Bench) -> Step:
    """Offer the first questions to whoever opens the chat for the first time, and the commands."""
    questions = _lines(bench.ctx.config["questions"])
    commands = [
        {"command_name": name, "command_description": told}
        for name, told in read_commands(bench.ctx.config["commands"])
    ]
    offered: dict[str, Any] = {"prompts": questions} if questions else {}
    offered |= {"commands": commands} if commands else {}
    bench.client.write(bench.client.of_number("conversational_automation"), offered)
    count = len(questions) + len(commands)
    return bench.done(QUESTIONS, f"{count} gezet.", f"{count} set.")


def make_links(bench: Bench) -> Step:
    """Make a short link for each entry point that has none: each says where a customer came from.

    Links that are there already stay, so that what was printed goes on working.
    """
    wanted = _lines(bench.ctx.config["entry_points"])
    path = bench.client.of_number("message_qrdls")
    there = {
        one_line(link.get("prefilled_message"), 200)
        for link in mappings(bench.client.read(path, limit=_MOST_LINKS).get("data"))
    }
    missing = [text for text in wanted if text not in there]
    for text in missing:
        bench.client.write(path, {"prefilled_message": text, "generate_qr_image": "SVG"})
    return bench.done(
        LINKS,
        f"{len(missing)} gemaakt, {len(wanted) - len(missing)} waren er al.",
        f"{len(missing)} made, {len(wanted) - len(missing)} were there already.",
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]

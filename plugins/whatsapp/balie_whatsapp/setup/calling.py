"""Whether and when customers can call the number."""

from typing import Any

from balie.api import Step
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.setup.hours import read_hours

CALLING = ("Bellen", "Calling")


def calling_of(bench: Bench) -> dict[str, Any]:
    """Return Meta's calling settings that the connection's settings ask for."""
    config = bench.ctx.config
    wanted: dict[str, Any] = {}
    if config["calling"]:
        wanted["status"] = "ENABLED" if config["calling"] == "on" else "DISABLED"
    if config["call_hours"]:
        # Replaced as a whole at Meta, so holidays that were entered there are gone after this.
        wanted["call_hours"] = {
            "status": "ENABLED",
            "timezone_id": config["timezone"],
            "weekly_operating_hours": read_hours(config["call_hours"]),
            "holiday_schedule": [],
        }
    return wanted


def set_calling(bench: Bench) -> Step:
    """Write the calling settings."""
    bench.client.write(bench.client.of_number("settings"), {"calling": calling_of(bench)})
    if bench.ctx.config["calling"] == "off":
        return bench.done(CALLING, "Uit.", "Off.")
    hours = bench.ctx.config["call_hours"]
    return bench.done(CALLING, f"Gezet. {hours}".strip(), f"Set. {hours}".strip())

"""What can be changed about the account while it runs, by POST /control/zendesk/settings."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any


class SettingRefused(ValueError):
    """A setting that does not exist, or a value of the wrong type."""


@dataclass(slots=True)
class AccountSettings:
    """The account's limits and switches. Times are in seconds of the sandbox's clock."""

    #: Requests a minute of the whole account; 700 is a Suite Enterprise plan.
    plan_limit: int = 700
    #: Whether the endpoint limits below are applied.
    ticket_limit_on: bool = True
    #: Updates of one ticket by one user in ten minutes.
    ticket_limit: int = 30
    #: Ticket updates of the whole account in a minute; 300 with the high volume add-on.
    account_update_limit: int = 100
    #: How long after a write the search finds it. Zendesk: "up to a few minutes".
    search_lag_seconds: float = 60.0
    #: Life of an access token, where the request does not ask for another.
    token_lifetime_seconds: int = 1800
    #: From this moment on e-mail and API token no longer authenticate. None: they still do.
    api_token_cutoff: str | None = None
    #: Whether a phone that is not E.164 is refused.
    validate_phone_numbers: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def change(self, changes: dict[str, Any]) -> None:
        """Set several settings, all or none. Raises SettingRefused."""
        accepted = {name: _checked(name, value) for name, value in changes.items()}
        for name, value in accepted.items():
            setattr(self, name, value)


_KINDS: dict[str, type] = {
    field.name: type(field.default)
    for field in fields(AccountSettings)
    if field.default is not None
}


def _checked(name: str, value: object) -> object:
    if name == "api_token_cutoff":
        return _moment(value)
    kind = _KINDS.get(name)
    if kind is None:
        raise SettingRefused(f"there is no setting {name!r}")
    if kind is bool:
        if not isinstance(value, bool):
            raise SettingRefused(f"{name} must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SettingRefused(f"{name} must be a number of zero or more")
    return kind(value)


def _moment(value: object) -> str | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise SettingRefused("api_token_cutoff must be an ISO 8601 time, or null") from None
    if moment.tzinfo is None:
        raise SettingRefused("api_token_cutoff must name its time zone, for instance by a Z")
    return moment.isoformat()

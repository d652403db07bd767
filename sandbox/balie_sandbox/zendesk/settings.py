"""What can be changed about the account while it runs, by POST /control/zendesk/settings."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from .files.model import VERDICTS

#: Requests a minute by plan (reference 1.3); `plan` stands for `plan_limit`.
PLANS = {
    "support_essential": 10,
    "suite_team": 200,
    "suite_growth": 400,
    "suite_professional": 400,
    "suite_enterprise": 700,
    "suite_enterprise_plus": 2500,
    "high_volume": 2500,
}


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
    #: The other endpoints' limits: a minute's, but for deletions of users (ten minutes').
    ticket_create_limit: int = 300
    ticket_list_limit: int = 100
    search_limit: int = 700
    search_export_limit: int = 100
    user_update_limit: int = 5
    organization_update_limit: int = 5
    ticket_delete_limit: int = 400
    deleted_user_limit: int = 700
    webhook_test_limit: int = 20
    view_count_limit: int = 5
    #: Whether every refusal for a rate is a bare text, as it sometimes is, instead of JSON.
    plain_text_429: bool = False
    #: How long after a write the search finds it. Zendesk: "up to a few minutes".
    search_lag_seconds: float = 60.0
    #: How long after a write the incremental exports show it. Zendesk: a minute.
    incremental_lag_seconds: float = 60.0
    #: Rows of a page of an incremental export.
    incremental_page_size: int = 1000
    #: Calls of the incremental exports in a minute; 30 with the high volume add-on.
    incremental_limit: int = 10
    #: Life of an access token, where the request does not ask for another.
    token_lifetime_seconds: int = 1800
    #: Life of a refresh token, where the request does not ask for another: thirty days.
    refresh_lifetime_seconds: int = 2_592_000
    #: From this moment on e-mail and API token no longer authenticate. None: they still do.
    api_token_cutoff: str | None = None
    #: Whether a phone that is not E.164 is refused.
    validate_phone_numbers: bool = False
    #: How large a file may be.
    max_upload_bytes: int = 50 * 1024 * 1024
    #: Content types, divided by commas, that the account takes no files of.
    refused_content_types: str = ""
    #: How long a token of an upload waits for its comment: three days.
    upload_token_seconds: float = 259_200.0
    #: How long the scan for malware takes, and what it says of files that come from now on.
    malware_scan_seconds: float = 5.0
    malware_verdict: str = "malware_not_found"
    #: Whether a file's address asks who calls. Zendesk's default: whoever has it may fetch.
    private_attachments: bool = False
    #: The origin that files are redirected to, for instance http://localhost:8001/zendesk.
    #: Empty: the account's own, on another path.
    file_host: str = ""
    #: Whether webhooks are signed with the sandbox's time, for a receiver whose clock follows it.
    #: Off: with the real time, however far a test moved the clock.
    signed_by_own_clock: bool = False
    #: Whether webhooks have a circuit breaker, from how many requests in five minutes on it
    #: judges, and how long it pauses.
    breaker_on: bool = True
    breaker_minimum: int = 100
    breaker_pause_seconds: float = 5.0
    #: Deliveries of a webhook in a minute; 60 on trial accounts, 0 for no limit.
    invocation_limit: int = 0
    #: Whether values for ticket fields that there are not are passed over, as Zendesk does.
    #: Off, so that a bridge can be tried without its fields.
    strict_fields: bool = False
    #: How long a background job takes.
    job_seconds: float = 0.0
    #: Comments that a ticket takes.
    max_comments: int = 5000

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def change(self, changes: dict[str, Any]) -> None:
        """Set several settings, all or none. Raises SettingRefused."""
        changes = dict(changes)
        plan = changes.pop("plan", None)
        if plan is not None:
            if plan not in PLANS:
                raise SettingRefused(f"plan must be one of {', '.join(PLANS)}")
            changes.setdefault("plan_limit", PLANS[plan])
        accepted = {name: _checked(name, value) for name, value in changes.items()}
        for name, value in accepted.items():
            setattr(self, name, value)


_KINDS: dict[str, type] = {
    field.name: type(field.default)
    for field in fields(AccountSettings)
    if field.default is not None
}
#: Settings that take one of a few words.
_CHOICES: dict[str, tuple[str, ...]] = {"malware_verdict": VERDICTS}


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
    if kind is str:
        return _words(name, value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SettingRefused(f"{name} must be a number of zero or more")
    return kind(value)


def _words(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingRefused(f"{name} must be a string")
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        raise SettingRefused(f"{name} must be one of {', '.join(choices)}")
    return value


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

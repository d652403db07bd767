"""Which users of Zendesk's have a telephone number, and which of them is meant.

Search takes any notation of a number but lags minutes behind, so it finds old customers only.
https://developer.zendesk.com/documentation/integration-services/retrieving-the-zendesk-user-id/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from balie_crm_zendesk import records, texts
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound

from .numbers import is_same, queried

#: Search shows 1,000 results and no more; a hundred a page.
SEARCH_PAGES = 10
#: Users whose profile shows another number may still have ours as an identity: one call each.
MOST_IDENTITY_LOOKUPS = 10
#: No note lists more.
MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Candidates:
    """End users with a number: those whose direct line it is, and those who have it on paper."""

    direct: tuple[records.User, ...]
    shared: tuple[records.User, ...]

    @property
    def all(self) -> tuple[records.User, ...]:
        """All of them, the best first: not suspended, with the direct line, updated last."""
        ranked = [(user, True) for user in self.direct] + [(user, False) for user in self.shared]
        ranked.sort(
            key=lambda one: (not one[0].suspended, one[1], one[0].updated_at, one[0].id),
            reverse=True,
        )
        return tuple(user for user, _ in ranked)


def with_number(client: Client, e164: str) -> Candidates:
    """Return the end users who have this number, in whatever notation and wherever it stands."""
    region = client.ctx.tenant.region
    direct: list[records.User] = []
    shared: list[records.User] = []
    others: list[records.User] = []
    for user in _searched(client, e164):
        if is_same(user.phone, e164, region):
            (direct if user.direct_line else shared).append(user)
        elif _in_fields(client, user, e164):
            shared.append(user)
        else:
            others.append(user)
    for user in others[:MOST_IDENTITY_LOOKUPS] if not direct else ():
        if has_identity(client, user, e164):
            direct.append(user)  # a number that is an identity is this user's alone
    return Candidates(tuple(direct), tuple(shared))


def several(locale: str, chosen: records.User, others: Sequence[records.User]) -> str:
    """Return a remark on who was chosen of several users; '' where there are no others."""
    if not others:
        return ""
    told = ", ".join(_named(one) for one in others[:MOST_LISTED])
    more = f" (+{len(others) - MOST_LISTED})" if len(others) > MOST_LISTED else ""
    count = len(others) + 1
    return texts.say(locale, "several", count=count, chosen=_named(chosen), others=told + more)


def _named(user: records.User) -> str:
    return f"{user.name} (#{user.id})"


def _searched(client: Client, e164: str) -> list[records.User]:
    """Return the end users that search finds for the number, each once."""
    found: dict[int, records.User] = {}
    for digits in queried(e164):
        for field in ("phone", *phone_fields(client.ctx.config["phone_fields"])):
            # No "+": search wants digits only. The asterisk finds every prefix and notation.
            query = f"type:user role:end-user {field}:*{digits}"
            found |= {user.id: user for user in _results(client, query)}
    return [user for user in found.values() if user.is_customer]


def phone_fields(written: str) -> tuple[str, ...]:
    """Return the keys of the user fields that hold numbers, as the settings name them."""
    return tuple(one.strip() for one in written.split(",") if one.strip())


def _results(client: Client, query: str) -> Iterator[records.User]:
    for number in range(1, SEARCH_PAGES + 1):
        page = client.get("/search", query=query, per_page=100, page=number)
        yield from map(records.user, records.listed(page, "results"))
        if not page.get("next_page"):
            return


def _in_fields(client: Client, user: records.User, e164: str) -> bool:
    values = (user.fields.get(key) for key in phone_fields(client.ctx.config["phone_fields"]))
    region = client.ctx.tenant.region
    return any(isinstance(value, str) and is_same(value, e164, region) for value in values)


def has_identity(client: Client, user: records.User, e164: str) -> bool:
    """Say whether the number is the user's, though the profile shows another."""
    try:
        page = client.get(f"/users/{user.id}/identities")
    except NotFound:  # deleted; search lags behind that too
        return False
    return any(
        isinstance(one, dict)
        and one.get("type") == "phone_number"
        and is_same(str(one.get("value")), e164, client.ctx.tenant.region)
        for one in records.listed(page, "identities")
    )

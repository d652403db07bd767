"""Whether the scopes that Zendesk granted are enough for what Balie does.

https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/#scopes
"""

from io import BytesIO

from balie.api import AuthFailed, PermanentError
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.transport import Content

#: Of each kind, these or the one for everything: ``tickets:read`` or ``read``.
_NEEDED = ("tickets", "users", "triggers", "webhooks")


def missing(client: Client, granted: str) -> list[str]:
    """Return the scopes that are needed and were not granted.

    No scope is named for searching and for files. Under narrow ones it is tried whether these
    work; where they do not, it is the wide one that is missing. Raises TransientError.
    """
    given = set(granted.split())
    found: list[str] = []
    for kind, works in (("read", _searches), ("write", _uploads)):
        if kind in given:
            continue
        lacking = [f"{one}:{kind}" for one in _NEEDED if f"{one}:{kind}" not in given]
        if lacking and len(lacking) < len(_NEEDED):
            found += lacking
        elif lacking or not works(client):
            found.append(kind)
    return found


def _searches(client: Client) -> bool:
    try:
        client.get("/search", query="type:user role:end-user", per_page=1)
    except (AuthFailed, PermanentError):
        return False
    return True


def _uploads(client: Client) -> bool:
    content = Content(open=lambda: BytesIO(b"balie"), type="text/plain")
    try:
        client.upload("/uploads", content, filename="balie.txt")  # dropped, as nobody uses it
    except (AuthFailed, PermanentError):
        return False
    return True

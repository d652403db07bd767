"""What Balie itself wrote into a profile, told from what people wrote there.

Only digests are kept: they say whether a value is the one that was written, and hold none. They
are a conversation's own, as two people in Balie may be one user in Zendesk: neither overwrites the
other.
"""

import hashlib
from collections.abc import Mapping

import orjson

from balie.api import Context

#: After this a value counts as somebody else's, and stays.
KEPT_SECONDS = 5 * 365 * 86_400.0
_FIELDS = ("name", "phone")


def remember(
    ctx: Context,
    user_id: int,
    conversation_id: str,
    profile: Mapping[str, object],
    *,
    is_new: bool = False,
) -> None:
    """Remember what was written, of the fields that are kept current.

    Of a user who ``is_new`` nothing was before.
    """
    found = {
        field: _digest(user_id, conversation_id, str(profile[field]))
        for field in _FIELDS
        if field in profile
    }
    if found:
        kept = {} if is_new else _kept(ctx, user_id)
        value = orjson.dumps(kept | found).decode()
        ctx.kv.set(_place(user_id), value, seconds=KEPT_SECONDS)


def is_ours(ctx: Context, user_id: int, conversation_id: str, field: str, shown: str) -> bool:
    """Say whether this conversation wrote what is shown, and nobody has changed it since."""
    return _kept(ctx, user_id).get(field) == _digest(user_id, conversation_id, shown)


def forget(ctx: Context, user_id: int) -> None:
    """Forget what was written into this user's profile."""
    ctx.kv.delete(_place(user_id))


def _kept(ctx: Context, user_id: int) -> dict[str, str]:
    found: dict[str, str] = orjson.loads(ctx.kv.get(_place(user_id)) or "{}")
    return found


def _digest(user_id: int, conversation_id: str, value: str) -> str:
    told = f"{user_id}\n{conversation_id}\n{value}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _place(user_id: int) -> str:
    return f"wrote:{user_id}"

"""Direct lines and shared numbers.

A number nobody has becomes a direct line of the profile it is added to: an identity that says who
calls. A number somebody already has stays text on the profile, a shared number (Zendesk Help
Center 10878444999450). The text is never rewritten.
"""

import re

from balie_sandbox.zendesk.errors import invalid

from .directory import Directory, digits
from .model import Identity, User

E164 = re.compile(r"\+[1-9]\d{6,14}")


def check_format(number: str) -> None:
    """Raises ApiError (422) where the account validates numbers and this is not E.164."""
    if not E164.fullmatch(number):
        raise invalid("phone", f"Phone: {number} is not properly formatted", "InvalidFormat")


def set_phone(directory: Directory, user: User, phone: str, *, shared: bool | None) -> None:
    """Put `phone` on the profile. Raises ApiError (422) if it must be direct but is taken."""
    owner = directory.by_identity("phone_number", phone) if digits(phone) else None
    taken = owner is not None and owner is not user
    if taken and shared is False:
        raise invalid("phone", f"Phone: {phone} is already being used", "DuplicateValue")
    _drop_line(directory, user)
    user.phone = phone or None
    if not digits(phone):
        user.shared_phone_number = None
        return
    user.shared_phone_number = bool(taken or shared)
    if not user.shared_phone_number:
        directory.add_identity(user, "phone_number", phone, verified=True)


def _drop_line(directory: Directory, user: User) -> None:
    line = _line_of(user)
    if line:
        directory.drop_identity(user, line)


def _line_of(user: User) -> Identity | None:
    current = digits(user.phone or "")
    return next(
        (
            one
            for one in user.identities
            if one.type == "phone_number" and digits(one.value) == current
        ),
        None,
    )

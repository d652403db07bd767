"""Users and identities as the API shows them to an admin."""

from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.timestamps import stamp

from .model import Identity, User


def user_json(user: User, api: str) -> Json:
    """`api` is the address of the API's root, for the record's own url."""
    return {
        "id": user.id,
        "url": f"{api}/users/{user.id}.json",
        "name": user.name,
        "email": user.email,
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.updated_at),
        "time_zone": user.time_zone,
        "iana_time_zone": user.time_zone,
        "phone": user.phone,
        "shared_phone_number": user.shared_phone_number,
        "photo": None,
        "locale_id": 1,
        "locale": user.locale,
        "organization_id": user.organization_id,
        "role": user.role,
        "verified": user.verified,
        "external_id": user.external_id,
        "tags": list(user.tags),
        "alias": user.alias,
        "active": user.active,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": False,
        "signature": None,
        "details": user.details,
        "notes": user.notes,
        "role_type": 4 if user.role == "admin" else None,
        "custom_role_id": None,
        "moderator": user.is_staff,
        "ticket_restriction": None if user.is_staff else "requested",
        "only_private_comments": False,
        "restricted_agent": not user.is_staff,
        "suspended": user.suspended,
        "default_group_id": user.default_group_id,
        "report_csv": False,
        "user_fields": dict(user.user_fields),
    }


def identity_json(identity: Identity, api: str) -> Json:
    shown: Json = {
        "id": identity.id,
        "url": f"{api}/users/{identity.user_id}/identities/{identity.id}.json",
        "user_id": identity.user_id,
        "type": identity.type,
        "value": identity.value,
        "verified": identity.verified,
        "primary": identity.primary,
        "created_at": stamp(identity.created_at),
        "updated_at": stamp(identity.updated_at),
    }
    if identity.type == "email":
        shown |= {"undeliverable_count": 0, "deliverable_state": "deliverable"}
    return shown


def anonymous_json() -> Json:
    """What GET /users/me answers without credentials."""
    return {
        "id": None,
        "name": "Anonymous user",
        "email": "invalid@example.com",
        "role": "end-user",
        "verified": False,
        "active": False,
        "locale": "en-US",
        "locale_id": 1,
    }

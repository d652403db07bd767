"""Creates, changes, deletes and merges users, with Zendesk's refusals."""

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import ApiError, Json, blank, invalid
from balie_sandbox.zendesk.settings import AccountSettings

from .directory import Directory
from .model import Identity, User
from .phone_lines import check_format, set_phone

ROLES = ("end-user", "agent", "admin")
IDENTITY_TYPES = ("email", "twitter", "facebook", "google", "agent_forwarding", "phone_number")
TEXT_FIELDS = ("alias", "notes", "details", "time_zone", "locale")


def name_of(data: Json) -> str:
    """The name sent, which must have at least one character. Raises ApiError (422)."""
    name = fields.text(data, "name")
    if not name or not name.strip():
        raise invalid("name", "Name: is too short (minimum one character)", "ValueTooShort")
    return name.strip()


class UserWriting:
    """All writes of users. Checks come before the first change, so a refusal changes nothing."""

    def __init__(self, directory: Directory, settings: AccountSettings) -> None:
        self._directory = directory
        self._settings = settings

    def create(self, data: Json) -> User:
        """A new user. Raises ApiError (422)."""
        name, role = name_of(data), fields.choice(data, "role", ROLES) or "end-user"
        self._check(data, None)
        now = self._directory.now()
        user = User(self._directory.new_id(), name, role, now, now)
        self._apply(user, data)
        self._directory.add(user)
        return user

    def create_or_update(self, data: Json) -> tuple[User, bool]:
        """The user and whether it is new. Matches on e-mail or external_id, never on the phone."""
        user = self._match(data)
        if user is None:
            return self.create(data), True
        return self.update(user, data), False

    def update(self, user: User, data: Json) -> User:
        """Raises ApiError (422)."""
        name = name_of(data) if "name" in data else user.name
        role = fields.choice(data, "role", ROLES) or user.role
        self._check(data, user)
        user.name, user.role = name, role
        self._apply(user, data)
        user.updated_at = self._directory.now()
        return user

    def delete(self, user: User) -> User:
        """Soft: the user stays readable with active false, and gives up all it was known by."""
        self._directory.set_external_id(user, None)
        for identity in list(user.identities):
            self._directory.drop_identity(user, identity)
        user.active, user.updated_at = False, self._directory.now()
        return user

    def merge(self, source: User, target: User) -> User:
        """Move the source's identities to the target and delete the source. Raises ApiError."""
        if source is target or source.is_staff or target.is_staff or not target.active:
            raise invalid("base", "Users cannot be merged", "InvalidValue")
        moved = [(one.type, one.value, one.verified) for one in source.identities]
        external_id = source.external_id
        self.delete(source)
        for kind, value, verified in moved:
            self._directory.add_identity(target, kind, value, verified=verified)
        if external_id and not target.external_id:
            self._directory.set_external_id(target, external_id)
        target.phone = target.phone or source.phone
        target.updated_at = self._directory.now()
        return target

    def add_identity(self, user: User, data: Json) -> Identity:
        """Raises ApiError (422) on an unknown type or a value somebody has."""
        kind, value = fields.choice(data, "type", IDENTITY_TYPES), fields.text(data, "value")
        if not kind:
            raise blank("type")
        if not value:
            raise blank("value")
        self._check_free(kind, value, user, "value")
        verified = bool(fields.flag(data, "verified")) or kind == "phone_number"
        user.updated_at = self._directory.now()
        if kind == "phone_number" and not user.phone:
            user.phone, user.shared_phone_number = value, False
        return self._directory.add_identity(user, kind, value, verified=verified)

    def change_identity(self, user: User, identity: Identity, data: Json) -> Identity:
        """Raises ApiError (422) on a value somebody else has."""
        value = fields.text(data, "value") or identity.value
        self._check_free(identity.type, value, user, "value")
        self._directory.change_identity(identity, value)
        identity.verified = bool(fields.flag(data, "verified")) or identity.verified
        user.verified = user.verified or identity.verified
        return identity

    def _match(self, data: Json) -> User | None:
        external_id, email = fields.text(data, "external_id"), fields.text(data, "email")
        found = self._directory.by_external_id(external_id) if external_id else None
        return found or (self._directory.by_identity("email", email) if email else None)

    def _check(self, data: Json, user: User | None) -> None:
        external_id = fields.text(data, "external_id")
        owner = self._directory.by_external_id(external_id) if external_id else None
        if owner is not None and owner is not user:
            raise invalid("external_id", "External: has already been taken", "DuplicateValue")
        email, phone = fields.text(data, "email"), fields.text(data, "phone")
        if email:
            self._check_email(email, user)
        shared = fields.flag(data, "shared_phone_number")
        if phone and self._settings.validate_phone_numbers:
            check_format(phone)
        if phone and shared is False:
            self._check_free("phone_number", phone, user, "phone")
        for row in fields.rows(data, "identities") or []:
            kind, value = fields.choice(row, "type", IDENTITY_TYPES), fields.text(row, "value")
            if not kind or not value:
                raise invalid("identities", "Identities: is invalid", "InvalidValue")
            self._check_free(kind, value, user, "identities")
        self._check_plain(data)

    def _check_plain(self, data: Json) -> None:
        for name in TEXT_FIELDS:
            fields.text(data, name)
        fields.tag_list(data, "tags")
        fields.mapping(data, "user_fields")
        fields.identifier(data, "organization_id")
        for name in ("verified", "suspended"):
            fields.flag(data, name)

    def _check_email(self, email: str, user: User | None) -> None:
        local, _, domain = email.partition("@")
        if not local or "." not in domain or " " in email:
            raise invalid("email", f"Email: {email} is not properly formatted", "InvalidFormat")
        self._check_free("email", email, user, "email")

    def _check_free(self, kind: str, value: str, user: User | None, field: str) -> None:
        owner = self._directory.by_identity(kind, value)
        if owner is not None and owner is not user:
            raise _taken(field, value)

    def _apply(self, user: User, data: Json) -> None:
        if "external_id" in data:
            self._directory.set_external_id(user, fields.text(data, "external_id") or None)
        for name in TEXT_FIELDS:
            if name in data:
                setattr(user, name, fields.text(data, name))
        user.tags = fields.tag_list(data, "tags") or user.tags
        user.user_fields |= fields.mapping(data, "user_fields") or {}
        user.organization_id = fields.identifier(data, "organization_id") or user.organization_id
        suspended = fields.flag(data, "suspended")
        user.suspended = user.suspended if suspended is None else suspended
        user.verified = fields.flag(data, "verified") or user.verified
        self._apply_identities(user, data)

    def _apply_identities(self, user: User, data: Json) -> None:
        email = fields.text(data, "email")
        if email and self._directory.by_identity("email", email) is not user:
            self._directory.add_identity(user, "email", email, verified=user.verified)
        phone, shared = fields.text(data, "phone"), fields.flag(data, "shared_phone_number")
        if "phone" in data and phone != user.phone:
            set_phone(self._directory, user, phone or "", shared=shared)
        for row in fields.rows(data, "identities") or []:
            kind, value = str(row["type"]), str(row["value"])
            if self._directory.by_identity(kind, value) is not user:
                self._directory.add_identity(user, kind, value, verified=kind == "phone_number")


def _taken(field: str, value: str) -> ApiError:
    label = field.capitalize()
    return invalid(field, f"{label}: {value} is already being used", "DuplicateValue")

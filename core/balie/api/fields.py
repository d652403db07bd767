"""Fields for a plugin's settings.

A settings schema is marshmallow's; these fields add what the core needs to know.
The core validates with it, encrypts what it holds, and shows secrets masked.
"""

from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigSchema(Schema):
    """Base of a plugin's settings. Unknown fields are refused by name."""


class Secret(fields.String):
    """A credential: kept encrypted, shown masked, never logged, and never empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            validate=validate.Length(min=1, error="is empty; an empty secret is no secret."),
            **kwargs,
        )


class BaseUrl(fields.String):
    """An address of the vendor's API, without a trailing slash.

    Its host joins the allow-list of ``ctx.http``. https only; http is taken for this machine,
    where sandboxes live.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).rstrip("/")
        parts = urlsplit(text)
        if not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValidationError("is no base address; write it as https://host/path.")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValidationError("must start with https:// (http:// only to 127.0.0.1).")
        return text


def masked(schema: Schema, config: dict[str, Any]) -> dict[str, Any]:
    """Return the settings as people may see them: of a long secret the last two characters."""
    return {
        name: _mask(str(value)) if isinstance(schema.fields.get(name), Secret) else value
        for name, value in config.items()
    }


def hosts(schema: Schema, config: dict[str, Any]) -> frozenset[str]:
    """Return the ``host:port`` pairs that these settings name."""
    found = set()
    for name, value in config.items():
        if isinstance(schema.fields.get(name), BaseUrl) and value:
            parts = urlsplit(value)
            found.add(f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}")
    return frozenset(found)


def _mask(value: str) -> str:
    return "••••" + (value[-2:] if len(value) >= 16 else "")

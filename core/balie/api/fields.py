"""Fields for a plugin's settings.

A settings schema is marshmallow's; these fields add what the core needs to know.
The core validates with it, encrypts what it holds, and shows secrets masked.
"""

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from marshmallow import Schema, ValidationError, fields, validate

_BASE = re.compile(r"[a-z]+://(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d+)?(/[^\s?#\\\x00-\x1f]*)?")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(\*\.{_LABEL}\.)?({_LABEL}\.)*{_LABEL}(:\d{{1,5}})?")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigSchema(Schema):
    """Base of a plugin's settings. Unknown fields are refused by name."""


class Secret(fields.String):
    """A credential: kept encrypted, shown masked, never logged, and never empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.insert(
            0, validate.Length(min=1, error="is empty; an empty secret is no secret.")
        )


class BaseUrl(fields.String):
    """An address of the vendor's API, without a trailing slash.

    Its host joins the allow-list of ``ctx.http``. https only; http is taken for this machine,
    where sandboxes live.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).rstrip("/")
        parts = _split(text)
        if parts is None:
            raise ValidationError("is no base address; write it as https://host/path.")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValidationError("must start with https:// (http:// only to 127.0.0.1).")
        return text


class AllowedHosts(fields.String):
    """Further hosts that ``ctx.http`` may speak to, such as a vendor's file servers.

    Names divided by commas; ``*.example.com`` is every host below example.com. Always https,
    except with a port of this machine (``127.0.0.1:8001``).
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        names = str(super()._deserialize(value, attr, data, **kwargs)).lower().split(",")
        names = [name.strip() for name in names if name.strip()]
        for name in names:
            if not _HOST.fullmatch(name) or (":" in name and name.split(":")[0] not in _LOOPBACK):
                raise ValidationError(
                    f"holds {name!r}, which is no host; write files.example.com or *.example.com,"
                    " divided by commas."
                )
        return ", ".join(names)


def masked(schema: Schema, config: dict[str, Any]) -> dict[str, Any]:
    """Return the settings as people may see them: of a long secret the last two characters.

    What the schema does not know, perhaps any more, may have been a secret and is masked too.
    """
    return {
        name: _mask(str(value)) if isinstance(schema.fields.get(name), Secret | None) else value
        for name, value in config.items()
    }


def hosts(schema: Schema, config: dict[str, Any]) -> frozenset[str]:
    """Return the ``host:port`` pairs that these settings name."""
    found = set()
    for name, value in config.items():
        field = schema.fields.get(name)
        if isinstance(field, BaseUrl) and value:
            parts = urlsplit(value)
            found.add(f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}")
        elif isinstance(field, AllowedHosts):
            found |= {one if ":" in one else f"{one}:443" for one in value.split(", ") if one}
    return frozenset(found)


def _split(address: str) -> SplitResult | None:
    """Return the parts of a base address; None for all that parsers are known to disagree on."""
    if not _BASE.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # a port out of range, brackets around no address
        return None
    return parts if parts.hostname and port != 0 else None


def _mask(value: str) -> str:
    return "••••" + (value[-2:] if len(value) >= 16 else "")

"""The errors that plugins and the core speak in.

Errors are the protocol: which class is raised decides what happens.

::

    BalieError
    ├── PhoneInvalid                what was given is no telephone number
    ├── ConfigInvalid(problems)     a connection's settings, by field
    ├── TooLarge                    a file is larger than may be kept
    └── PluginError
        ├── SignatureInvalid        401; nothing is stored
        ├── PayloadInvalid          signed, yet not the vendor's shape: stored raw and parked, 200
        ├── AuthFailed              the connection signs out, the admin is told, the lane waits
        ├── TransientError(retry_after)   tried again later
        │   ├── RateLimited         the vendor said how long to wait
        │   ├── OutcomeUnknown      it may have taken effect: reconciled before any retry
        │   └── PluginCrashed       an exception that is none of these
        └── PermanentError          parked
            └── Rejected(code, text)      the vendor said no; the agent reads ``text``
"""

from collections.abc import Mapping
from typing import ClassVar


def described(error: BaseException) -> str:
    """Return an error's class and message. Never raises, though foreign errors may on ``str``."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # its __str__ is a plugin's code too
        return f"{type(error).__name__} (its message cannot be read)"


class BalieError(Exception):
    """Base of every error that Balie raises on purpose."""


class PhoneInvalid(BalieError):
    """What was given cannot be a telephone number. The message quotes it and says why."""


class ConfigInvalid(BalieError):
    """A connection's settings are refused.

    ``problems`` maps a field's name to a sentence for the admin.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in problems.items()))
        self.problems = dict(problems)


class TooLarge(BalieError):
    """A file is larger than was agreed; nothing of it is kept."""


class PluginError(BalieError):
    """Base of what a plugin may raise out of a hook."""


class SignatureInvalid(PluginError):
    """The request does not prove that the vendor sent it. Answered with 401; nothing is stored."""

    #: What the 401 says, by which a vendor's test call shows that it was Balie who answered.
    answer: ClassVar[str] = "the signature does not fit"


class PayloadInvalid(PluginError):
    """The request is signed but is not the vendor's shape. Stored raw, parked."""


class AuthFailed(PluginError):
    """The vendor refuses our credentials. The connection signs out, its lanes wait."""


class TransientError(PluginError):
    """It did not take effect and may work later.

    ``retry_after`` is the vendor's wish in seconds, or None where it named none.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimited(TransientError):
    """Too much in too short a time; it did not take effect.

    A vendor that wants longer and longer waits names their ``growth``: the first wait is a second,
    and each is so many times the one before.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, growth: float | None = None
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.growth = growth


class OutcomeUnknown(TransientError):
    """The request left and no answer came: it may have taken effect. Never sent again blindly."""


class PluginCrashed(TransientError):
    """A hook raised something that is no PluginError. Names the plugin and the hook."""

    def __init__(self, plugin: str, hook: str, cause: BaseException) -> None:
        super().__init__(f"plugin {plugin} failed in {hook}: {described(cause)}")
        self.plugin = plugin
        self.hook = hook


class PermanentError(PluginError):
    """It will never work as it is. Parked where a person sees it."""


class Rejected(PermanentError):
    """The vendor took the request and said no.

    ``code`` is the vendor's own; ``text`` is a sentence that an agent understands.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text

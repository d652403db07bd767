"""Handing a letter to the mail server (RFC 5321), and what its answers mean."""

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from balie.api import AuthFailed, OutcomeUnknown, Rejected, TransientError
from balie_mail.config import PORTS, STARTTLS, TLS
from balie_mail.texts import told

_SECONDS = 20.0
_DATA_SECONDS = 60.0
"""How long the server may take to say that it has the letter. RFC 5321 allows ten minutes, in
which nobody else's letter would leave; then its outcome counts as unknown."""
_GO_AHEAD = 354
_TAKEN = range(200, 300)
_NEED_TO_SIGN_IN = frozenset({530, 534, 535, 538})
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def post(config: Mapping[str, Any], data: bytes, to: str, locale: str) -> None:
    """Hand over a letter; return once the server has it.

    Raises AuthFailed for what the admin has to put right, Rejected for what will never work,
    TransientError where nothing was taken, and OutcomeUnknown where it left and no answer came.
    ``locale`` is of the sentences for agents.
    """
    with connected(config) as server:
        server.ehlo_or_helo_if_needed()
        code, text = server.mail(config["from_address"])
        if code >= 500:
            raise AuthFailed(
                f"the mail server takes nothing from {config['from_address']}: {_said(code, text)}"
            )
        _unless_taken(code, text, locale)
        _unless_taken(*server.rcpt(to), locale)
        code, text = server.docmd("DATA")
        if code != _GO_AHEAD:
            _unless_taken(code, text, locale)
            raise TransientError(f"the mail server does not take the letter: {_said(code, text)}")
        if server.sock is not None:
            server.sock.settimeout(_DATA_SECONDS)
        server.send(_lines(data))
        try:
            # Not smtplib's data(): only from here on can the letter have been taken.
            server.send(b".\r\n")
            code, text = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown(f"the letter left, and no answer came: {error}") from error
        if code not in _TAKEN and code < 400:
            raise OutcomeUnknown(f"the letter left; the answer is none: {_said(code, text)}")
        _unless_taken(code, text, locale)


def _lines(data: bytes) -> bytes:
    """Return a letter as it goes over the wire, but for the last line (RFC 5321, 4.5.2)."""
    ended = data if data.endswith(b"\r\n") else data + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)


@contextmanager
def connected(config: Mapping[str, Any]) -> Iterator[smtplib.SMTP]:
    """Connect and sign in; what is raised is of Balie's kinds."""
    server = None
    try:
        server = _reached(config)
        if config["security"] == STARTTLS:
            # Without it nothing goes on: who stands between could have taken the offer away.
            code, text = server.starttls(context=ssl.create_default_context())
            if code != 220:
                raise AuthFailed(f"the mail server does not begin to encrypt: {_said(code, text)}")
        if config["user"]:
            server.login(config["user"], config["password"])
        yield server
    except smtplib.SMTPNotSupportedError as error:
        raise AuthFailed(f"the mail server cannot do what security or user ask: {error}") from error
    except smtplib.SMTPResponseException as error:
        _of_session(error.smtp_code, error.smtp_error)
    except ssl.SSLError as error:
        raise AuthFailed(
            "the mail server cannot be spoken to in secret; look at security, port and its "
            f"certificate: {error}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise TransientError(f"the mail server cannot be reached: {error}") from error
    finally:
        _leave(server)


def _reached(config: Mapping[str, Any]) -> smtplib.SMTP:
    host, security = config["host"], config["security"]
    port = config["port"] or PORTS[security]
    if security == TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
    return smtplib.SMTP(host, port, timeout=_SECONDS)


def _leave(server: smtplib.SMTP | None) -> None:
    """Take leave, as far as the server still listens."""
    if server is None:
        return
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _of_session(code: int, text: bytes | str) -> NoReturn:
    """Raise what a refusal before any letter means."""
    if code in _NEED_TO_SIGN_IN or code >= 500:
        raise AuthFailed(f"the mail server lets us not in: {_said(code, text)}")
    raise TransientError(f"the mail server is busy: {_said(code, text)}")


def _unless_taken(code: int, text: bytes | str, locale: str) -> None:
    if code < 400:
        return
    if code in _NEED_TO_SIGN_IN:
        raise AuthFailed(f"the mail server wants us to sign in: {_said(code, text)}")
    if code < 500:
        raise TransientError(f"the mail server says later: {_said(code, text)}")
    status = _ENHANCED.search(_words(text))
    number = f"{code} {status[1]}" if status else str(code)
    raise Rejected(number, told(_reason(code, status[1] if status else ""), locale))


def _reason(code: int, status: str) -> str:
    """Return the name of the sentence for a refusal (RFC 3463; without it RFC 5321's code)."""
    if status.startswith("5.7."):
        return "not_trusted"
    if status in ("5.2.2", "5.2.3", "5.3.4") or code == 552:
        return "full"
    if status.startswith("5.1.") or (code in (550, 551, 553) and not status):
        return "unknown_address"
    return "refused"


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {_words(text)}"


def _words(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:200]

"""Agents' files on their way out: fetched from Zendesk, and from where it points to.

A file's address is Zendesk's own and answers with a redirect to another host, which refuses a
request that still carries our credentials; and no other host may ever see them (landscape A7).
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/
"""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from balie.api import Context, Media, MediaStream, PermanentError, PluginError, TransientError
from balie_crm_zendesk import errors, texts
from balie_crm_zendesk.auth import header as auth
from balie_crm_zendesk.transport import signed

from . import references, scan
from .references import Reference

MOST_REDIRECTS = 4
CHUNK_BYTES = 64 * 1024
REFUSAL_SECONDS = 5.0
_NAME = "GET a file"
_NOWHERE = "Zendesk's file has an address that is none."
_GONE = frozenset({404, 410})
#: What a picture's address answers who is not to see it, or where none is.
_NOT_OURS = _GONE | {400, 401, 403}
_ATTACHMENT = re.compile(r"/attachments/token/[\w-]+/?", re.ASCII)
_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


def fetch(ctx: Context, media: Media) -> MediaStream:
    """Open a file of an agent's. Raises PermanentError, in words for the agent, or transiently."""
    if media.failed:
        raise PermanentError(media.failed)
    reference = references.read(media.ref)
    told = scan.remark(ctx, reference.unscanned, reference.since) if reference.unscanned else ""
    answer = _answer(ctx, reference)
    if reference.pasted and not answer.headers.get("content-type", "").startswith("image/"):
        answer.close()  # a page to sign in at, say
        raise PermanentError(texts.say(ctx.tenant.locale, "no_picture"))
    length = answer.headers.get("content-length", "")
    plain = "content-encoding" not in answer.headers and length.isascii() and length.isdigit()
    return MediaStream(
        chunks=_chunks(answer),
        type=answer.headers.get("content-type", ""),
        name=media.name,
        size=int(length) if plain else media.size,
        remark=told,
    )


def _answer(ctx: Context, reference: Reference) -> requests.Response:
    """Follow the file's address to its bytes; credentials go with the first request only."""
    url = reference.url
    authorization = auth.authorization(ctx) if _may_be_signed(ctx, reference) else ""
    answer = _opened(ctx, url, authorization)
    if answer.status_code == 401 and (again := auth.renew(ctx, authorization)):
        answer.close()
        answer = _opened(ctx, url, again)
    for _ in range(MOST_REDIRECTS):
        if not answer.is_redirect:
            break
        url = urljoin(url, answer.headers["location"])
        answer.close()
        answer = _opened(ctx, url)
    if answer.status_code == 200:
        return answer
    with answer:
        _cut_short(answer)
        raise _refusal(ctx, answer, pasted=reference.pasted)


def _opened(ctx: Context, url: str, authorization: str = "") -> requests.Response:
    try:
        return ctx.http.get(url, stream=True, auth=signed(authorization), allow_redirects=False)
    except PermanentError:  # a host that the settings do not name
        host = urlsplit(url).hostname or ""
        raise PermanentError(texts.say(ctx.tenant.locale, "file_elsewhere", host=host)) from None
    except _NO_ADDRESS:
        raise PermanentError(_NOWHERE) from None
    except requests.RequestException as failure:
        # Without its cause, whose words hold the file's secret address.
        raise errors.lost(_NAME, failure, repeatable=True) from None


def _cut_short(answer: requests.Response) -> None:
    """Read the beginning of a refusal, which may be as long and as slow as anything."""
    body, end = b"", time.monotonic() + REFUSAL_SECONDS
    with suppress(HTTPError, OSError):
        while len(body) < CHUNK_BYTES and time.monotonic() < end:
            piece = answer.raw.read1(CHUNK_BYTES, decode_content=True)
            if not piece:
                break
            body += piece
    answer._content = body  # noqa: SLF001 -- requests has no other way to read a part


def _refusal(ctx: Context, answer: requests.Response, *, pasted: bool) -> PluginError:
    if answer.status_code == 403 and "malware" in answer.text.lower():
        return PermanentError(texts.say(ctx.tenant.locale, "infected"))
    if pasted and answer.status_code in _NOT_OURS:
        return PermanentError(texts.say(ctx.tenant.locale, "no_picture"))
    if answer.status_code in _GONE:
        return PermanentError(texts.say(ctx.tenant.locale, "file_deleted"))
    if answer.is_redirect:
        return PermanentError("Zendesk's file is nowhere: its address points on and on.")
    return errors.refusal(_NAME, answer, repeatable=True)


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    with answer:
        try:
            # As it comes: one that drips must not hold up whoever counts the seconds.
            while piece := answer.raw.read1(CHUNK_BYTES, decode_content=True):
                yield piece
        except (HTTPError, OSError) as failure:
            name = type(failure).__name__
            raise TransientError(f"A file of Zendesk's broke off ({name}).") from None


def _may_be_signed(ctx: Context, reference: Reference) -> bool:
    """Say whether our credentials may go along: to Zendesk, and of pictures to attachments only.

    Anybody whose words an agent quotes may have written the address of a picture, also one of
    Zendesk's API, of which Balie may see more than the customer.
    """
    base = ctx.config["base_url"]
    if _origin(reference.url) != _origin(base):
        return False
    path = urlsplit(reference.url).path.removeprefix(urlsplit(base).path)
    return not reference.pasted or _ATTACHMENT.fullmatch(path) is not None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise PermanentError(_NOWHERE) from None
    return parts.scheme, parts.hostname, port

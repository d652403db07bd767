"""Files that customers sent, fetched from Meta.

A file has an id, good for seven days; the id gives an address, good for five minutes and only
with the token. The token goes to the hosts that the settings name, and follows no redirect.
"""

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from urllib3.exceptions import HTTPError

from balie.api import Context, Media, MediaStream, PermanentError, Rejected, TransientError
from balie_whatsapp.errors.graph_error import UNKNOWN_OBJECT
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.untrusted import decimal, one_line, written
from balie_whatsapp.words import say

MOST_SECONDS = 600.0
"""No file of 100 MB takes longer on a line worth having; it ends a body that never does."""
_ID = re.compile(r"[0-9A-Za-z_-]{1,256}")  # one step of a path, whatever a webhook says
_CHUNK_BYTES = 65_536
_GONE = (403, 404, 410)


def fetch(ctx: Context, media: Media) -> MediaStream:
    """Open a file. Raises TransientError, AuthFailed, and PermanentError with a sentence.

    An address that no longer works is asked for anew, once.
    """
    for _ in range(2):
        found = _described(ctx, media.ref)
        response = _opened(ctx, written(found.get("url")))
        if response.status_code == 200:
            return MediaStream(
                chunks=_chunks(ctx, response),
                type=one_line(found.get("mime_type") or response.headers.get("Content-Type"), 100),
                name=media.name,
                size=_size(found.get("file_size")),
            )
        response.close()
        if response.status_code not in (401, *_GONE):
            break
    status = response.status_code
    if status in _GONE:
        raise _gone(ctx)
    if 300 <= status <= 399:
        raise PermanentError(
            say(
                ctx.tenant.locale,
                "WhatsApp verwijst voor het bestand naar een adres dat niet wordt vertrouwd.",
                "WhatsApp refers to another address for the file, which is not trusted.",
            )
        )
    raise TransientError(
        say(
            ctx.tenant.locale,
            f"WhatsApp geeft het bestand nu niet (HTTP {status}).",
            f"WhatsApp does not give the file now (HTTP {status}).",
        )
    )


def _described(ctx: Context, ref: str) -> Mapping[str, Any]:
    if not _ID.fullmatch(ref):
        raise _gone(ctx)
    try:
        return GraphClient(ctx).read(ref, phone_number_id=ctx.config["phone_number_id"])
    except Rejected as error:
        if error.code == UNKNOWN_OBJECT:
            raise _gone(ctx) from None
        raise PermanentError(error.text) from None


def _opened(ctx: Context, url: str) -> requests.Response:
    if not _is_allowed(ctx, url):
        raise PermanentError(
            say(
                ctx.tenant.locale,
                "WhatsApp noemt voor het bestand een adres dat niet wordt vertrouwd.",
                "WhatsApp names an address for the file that is not trusted.",
            )
        )
    try:
        return ctx.http.get(
            url,
            headers={
                "Authorization": f"Bearer {ctx.config['access_token']}",
                "Accept-Encoding": "identity",  # what is counted is what is kept
            },
            stream=True,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        name = type(error).__name__
        raise TransientError(
            say(
                ctx.tenant.locale,
                f"Het bestand kan niet worden opgehaald ({name}).",
                f"The file cannot be fetched ({name}).",
            )
        ) from None


def _is_allowed(ctx: Context, url: str) -> bool:
    """Say whether the token may go there: to the very hosts that the settings name."""
    try:
        place = _place(urlsplit(url))
    except ValueError:
        return False
    return place in [_place(urlsplit(ctx.config[key])) for key in ("media_url", "graph_url")]


def _place(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _chunks(ctx: Context, response: requests.Response) -> Iterator[bytes]:
    """Yield the body as it comes over the line: what claims to be packed is not unpacked.

    Piece by piece, however small: who waited for a whole one could be kept waiting for ever.
    """
    end, locale = time.monotonic() + MOST_SECONDS, ctx.tenant.locale
    try:
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
            if time.monotonic() > end:
                raise TransientError(
                    say(
                        locale,
                        "Het bestand komt te langzaam binnen.",
                        "The file comes in too slowly.",
                    )
                )
            yield chunk
    except (HTTPError, OSError) as error:
        name = type(error).__name__
        raise TransientError(
            say(
                locale,
                f"Het bestand werd afgebroken ({name}).",
                f"The file broke off ({name}).",
            )
        ) from None
    finally:
        response.close()


def _size(value: Any) -> int | None:
    size = decimal(value)
    return int(size) if size is not None and size >= 0 else None


def _gone(ctx: Context) -> PermanentError:
    return PermanentError(
        say(
            ctx.tenant.locale,
            "Het bestand is er niet meer: WhatsApp bewaart bestanden van klanten zeven dagen.",
            "The file is no longer there: WhatsApp keeps customers' files for seven days.",
        )
    )

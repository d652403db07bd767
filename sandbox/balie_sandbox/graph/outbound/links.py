"""Fetching files that a business gave as links, as Meta does before it delivers a message."""

import ipaddress
from contextlib import closing
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import requests

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.media.files import UPLOAD_LIFE, FetchedLink
from balie_sandbox.graph.media.kinds import MAX_UPLOAD_BYTES
from balie_sandbox.graph.media.sniffing import complaint

from .draft import Link

#: A URL is not fetched again for this long. Source: Meta's page on media.
CACHED_FOR = timedelta(minutes=10)
TIMEOUT_SECONDS = 10.0
CHUNK_BYTES = 65536


class LinkFailed(Exception):
    """The file could not be had. The message is for the details of code 131053."""


def bring(account: GraphAccount, number_id: str, link: Link) -> str | None:
    """Fetch the link's file and put its id into the content; return what went wrong, or None.

    Nothing leaves this machine: a link to another is taken on trust, unless ``strict_links``
    is set, and the phone shows its address in place of the file.
    """
    if not is_local(link.url):
        return "The link could not be fetched." if account.settings.strict_links else None
    try:
        fetched = cached(account, link.url)
    except (LinkFailed, requests.RequestException, ValueError) as failure:
        return f"Downloading media from weblink failed. {failure}"
    fault = complaint(fetched.data, fetched.mime_type, link.kind)
    if fault is not None:
        return fault
    until = account.clock.now() + UPLOAD_LIFE
    file = account.media.add(number_id, fetched.data, fetched.mime_type, until)
    link.content |= {"id": file.id, "mime_type": file.mime_type}
    return None


def is_local(url: str) -> bool:
    """Say whether the URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def cached(account: GraphAccount, url: str) -> FetchedLink:
    """Return the file of the last ten minutes, or fetch it."""
    now = account.clock.now()
    known = account.fetched_links.get(url)
    if known is None or now - known.at >= CACHED_FOR:
        known = fetch(url, now)
        account.fetched_links[url] = known
    return known


def fetch(url: str, now: datetime) -> FetchedLink:
    """Fetch a file of at most 100 MB. Raises LinkFailed and requests' errors."""
    with closing(
        requests.get(url, timeout=TIMEOUT_SECONDS, stream=True, allow_redirects=False)
    ) as answer:
        if answer.status_code != 200:
            raise LinkFailed(f"The server answered {answer.status_code}.")
        data = bytearray()
        for chunk in answer.iter_content(CHUNK_BYTES):
            data += chunk
            if len(data) > MAX_UPLOAD_BYTES:
                raise LinkFailed("The file is larger than 100 MB.")
        mime_type = answer.headers.get("Content-Type", "application/octet-stream")
    return FetchedLink(bytes(data), mime_type, now)

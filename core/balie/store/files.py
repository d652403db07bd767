"""The media store: files of all tenants, each under its own tenant's folder.

Any address that fsspec takes will do: a folder here, a bucket elsewhere.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, cast

import fsspec
import puremagic

from balie.api import Clock, Kept, TooLarge
from balie.store.engine import StoreUnavailable
from balie.store.stray import Strays

_KEY = re.compile(r"t(\d+)/\d{4}/\d{2}/[0-9a-f]{32}")
_FIRST_BYTES = 4096
_USUAL = {"application/ogg": "audio/ogg", "image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg"}


class FileStore:
    """One place for files."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        strays: Strays | None = None,
        link: Callable[[int, str, str, str, float], str] | None = None,
    ) -> None:
        """``strays`` are needed for files that are kept for a time only.

        ``link`` makes the address of a tenant's file by its key, name and type, for so many days.
        Raises StoreUnavailable for an address that cannot be used. Writes nothing yet.
        """
        self.clock = clock
        self.strays = strays
        self.link = link
        self.gives_links = link is not None
        try:
            system, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError, OSError) as error:
            raise StoreUnavailable(f"BALIE_MEDIA_URL cannot be used: {error}") from error
        self.system: Any = system
        self.root = str(root).rstrip("/")

    def of_tenant(self, tenant_id: int) -> "TenantFiles":
        """Return the files of one tenant."""
        return TenantFiles(self, tenant_id)

    def delete_strays(self, most: int) -> int:
        """Delete so many files that nobody came to use; return how many were due.

        A file goes before what is written of it: what is cut short is done again.
        """
        if self.strays is None:
            return 0
        due = self.strays.due(self.clock.now(), most)
        for key, tenant_id in due:
            self.of_tenant(tenant_id).delete(key)
            self.strays.forget([key], tenant_id)
        return len(due)


@dataclass(frozen=True, slots=True)
class TenantFiles:
    """One tenant's files (:class:`balie.api.Files`)."""

    place: FileStore
    tenant_id: int

    def open(self, key: str) -> BinaryIO:
        """Open a stored file for reading. Raises KeyError where there is none."""
        try:
            return cast(BinaryIO, self.place.system.open(self._path(key), "rb"))
        except FileNotFoundError:
            raise KeyError(key) from None

    def size(self, key: str) -> int:
        """Return a stored file's size in bytes. Raises KeyError where there is none."""
        try:
            return int(self.place.system.size(self._path(key)))
        except FileNotFoundError:
            raise KeyError(key) from None

    def keep(
        self, chunks: Iterable[bytes], *, most_bytes: int, seconds: float | None = None
    ) -> Kept:
        """Store what comes, under a key that nobody can guess.

        With ``seconds``, for no longer than that unless it is used. That is written down before,
        so that no crash leaves a file that nobody knows of.
        Raises TooLarge beyond the limit, and what ``chunks`` raises; then nothing is kept.
        Raises StoreUnavailable where the place cannot be written.
        """
        now = self.place.clock.now()
        key = f"t{self.tenant_id}/{now:%Y/%m}/{uuid.uuid4().hex}"
        path = self._path(key)
        if seconds is not None:
            self._strays.note(key, self.tenant_id, now + timedelta(seconds=seconds))
        seen = _Seen()
        try:
            self.place.system.makedirs(path.rpartition("/")[0], exist_ok=True)
            with self.place.system.open(path, "wb") as file:
                for chunk in seen.within(chunks, most_bytes):
                    _write(file, chunk)
        except BaseException:
            self._drop(path)
            raise
        return Kept(
            key=key, size=seen.size, sha256=seen.digest.hexdigest(), type=sniffed(seen.first)
        )

    def use(self, keys: Sequence[str]) -> None:
        """Keep these files for good."""
        if keys:
            self._strays.forget(keys, self.tenant_id)

    @property
    def _strays(self) -> Strays:
        if self.place.strays is None:
            raise StoreUnavailable("there is no database beside this media store")
        return self.place.strays

    @property
    def gives_links(self) -> bool:
        """Whether files can be fetched by links."""
        return self.place.gives_links

    def link(self, key: str, *, name: str, type: str, days: float) -> str:  # noqa: A002 -- a file's
        """Return an address by which anybody may fetch a file for so many days, or ''."""
        self._path(key)
        make = self.place.link
        return "" if make is None else make(self.tenant_id, key, name, type, days)

    def delete(self, key: str) -> None:
        """Delete a file, if it is there."""
        self._drop(self._path(key))

    def _drop(self, path: str) -> None:
        if self.place.system.exists(path):
            self.place.system.rm_file(path)

    def _path(self, key: str) -> str:
        found = _KEY.fullmatch(key)
        if found is None or int(found[1]) != self.tenant_id:
            raise KeyError(key)
        return f"{self.place.root}/{key}"


def _write(file: Any, chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise StoreUnavailable(f"the media store cannot be written: {error}") from error


class _Seen:
    """What went by."""

    def __init__(self) -> None:
        self.size = 0
        self.first = b""
        self.digest = hashlib.sha256()

    def within(self, chunks: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
        """Pass chunks on while they are not too many. Raises TooLarge."""
        for chunk in chunks:
            self.size += len(chunk)
            if self.size > most_bytes:
                raise TooLarge(f"the file is larger than {most_bytes:,} bytes")
            self.first += chunk[: _FIRST_BYTES - len(self.first)]
            self.digest.update(chunk)
            yield chunk


def sniffed(first: bytes) -> str:
    """Return the MIME type that a file's first bytes show; '' where they show none."""
    try:
        found = puremagic.magic_string(first)
    except puremagic.PureError:
        return ""
    except ValueError:  # nothing in it
        return ""
    best = max((one.confidence for one in found if one.mime_type), default=0)
    names = [one.mime_type for one in found if one.mime_type and one.confidence == best]
    return _USUAL.get(names[0], names[0]) if names else ""

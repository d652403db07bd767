"""Pictures in an agent's HTML: most are attached as well, and the others must not go missing.

One that was copied from another ticket, or that a macro or the help center put there, is no
attachment of the comment (reference 3.9).
"""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import SplitResult, parse_qs, unquote, urljoin, urlsplit

from balie.api import Context, Media, MediaKind
from balie_crm_zendesk import records, texts
from balie_crm_zendesk.files import references

from .html_text import Shown

#: What one is taken for until it is fetched, where its name does not tell.
USUAL_TYPE = "image/png"
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a picture is, and what it is called. ``url`` is empty where nobody can fetch it."""

    url: str
    name: str


class Pictures:
    """The pictures of one comment, as its HTML is read; reading it twice changes nothing."""

    def __init__(self, ctx: Context, files: Sequence[records.File]) -> None:
        self._ctx = ctx
        places = (_parts(file.url) for file in files if file.url)
        self._attached = {_path(place) for place in places if place is not None}
        self._found: dict[str, _Source] = {}

    def shown(self, image: Mapping[str, str]) -> Shown:
        """Return what stands in the text for an <img> with these attributes."""
        src, alt = image.get("src", "").strip(), " ".join(image.get("alt", "").split())
        if not src or _is_emoji(alt):
            return Shown(alt)
        if image.get("width") in ("0", "1") or image.get("height") in ("0", "1"):
            return Shown()  # there to count readers, not to be seen
        parts = _parts(urljoin(self._base, src)) if _parts(src) else None
        if parts is not None and _path(parts) in self._attached:
            return Shown()
        name = _name(parts) or alt or texts.say(self._ctx.tenant.locale, "picture")
        if parts is None:
            self._found[src] = _Source("", name)
        elif self._is_ours(parts):
            self._found[parts.geturl()] = _Source(parts.geturl(), name)
        else:
            return Shown(alt or name, parts.geturl())
        return Shown()

    def media(self) -> list[Media]:
        """Return the pictures that go along as files, beside those that are attached."""
        return [self._media(one) for one in self._found.values()]

    def _media(self, source: _Source) -> Media:
        locale = self._ctx.tenant.locale
        guessed = mimetypes.guess_type(source.name)[0] or ""
        return Media(
            kind=MediaKind.IMAGE,
            ref=references.of_picture(source.url),
            text=texts.say(locale, "image", name=source.name),
            type=guessed if guessed.startswith("image/") else USUAL_TYPE,
            name=source.name,
            failed="" if source.url else texts.say(locale, "no_picture"),
        )

    @property
    def _base(self) -> str:
        return f"{self._ctx.config['base_url']}/"

    def _is_ours(self, parts: SplitResult) -> bool:
        """Say whether the settings let us fetch from there; ``ctx.http`` sees to it once more."""
        place = f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"
        own = urlsplit(self._base)
        if place == f"{own.hostname}:{own.port or _PORTS[own.scheme]}":
            return parts.scheme == own.scheme
        hosts = filter(None, map(str.strip, self._ctx.config["file_hosts"].split(",")))
        return any(fnmatchcase(place, one if ":" in one else f"{one}:443") for one in hosts)


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an address on the web, relative ones too; None for any other."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("", *_PORTS) and parts.port != 0
    except ValueError:
        return None
    return parts if known else None


def _path(parts: SplitResult) -> str:
    return parts.path.rstrip("/")


def _name(parts: SplitResult | None) -> str:
    if parts is None:
        return ""
    given = parse_qs(parts.query).get("name", [""])[0]
    return given or unquote(_path(parts).rpartition("/")[2])


def _is_emoji(alt: str) -> bool:
    return bool(alt) and not any(c.isascii() or c.isalnum() for c in alt)

"""What an agent wrote, as parts for the customer."""

from collections.abc import Iterator
from datetime import datetime

from balie.api import Context, Markup, Media, MediaKind, Part, Text
from balie_crm_zendesk import records, texts
from balie_crm_zendesk.files import references
from balie_crm_zendesk.files.names import media_type

from . import html_text
from .pictures import Pictures

_KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
#: Images that no channel shows as one.
_DRAWINGS = frozenset({"image/svg+xml", "image/tiff", "image/heic", "image/vnd.adobe.photoshop"})


def of_comment(ctx: Context, comment: records.Comment) -> tuple[Part, ...]:
    """Return the comment's words, then its files, pasted images among them, then other pictures."""
    since = min(comment.created_at, ctx.clock.now())
    pictures = Pictures(ctx, comment.files)
    words = _said(comment, pictures)
    files = [*(_file(ctx, file, since) for file in comment.files), *pictures.media()]
    return (*((words,) if words.text else ()), *files)


def _said(comment: records.Comment, pictures: Pictures) -> Text:
    """Return the words, with their marks where the agent's editor made some."""
    if comment.html:
        found = html_text.read(comment.html, pictures.shown)
        if found.text or comment.files or pictures.media():
            return found
    return Text(text=plain(comment.text), markup=Markup.PLAIN)


def plain(text: str) -> str:
    """Return the text without what Zendesk's editor leaves in it."""
    words = text.replace("&nbsp;", " ").replace("\u00a0", " ").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in words.split("\n")).strip()


def _file(ctx: Context, file: records.File, since: datetime) -> Media:
    kind = _kind(file.type)
    name = file.name or "attachment"
    label = "image" if kind is MediaKind.IMAGE else "attachment"
    return Media(
        kind=kind,
        ref=references.of_file(file, since),
        text=texts.say(ctx.tenant.locale, label, name=name),
        type=media_type(file.type),
        name=name,
        size=file.size,
        failed=" ".join(_why_not(ctx, file)),
    )


def _kind(written: str) -> MediaKind:
    mime = media_type(written)
    if mime in _DRAWINGS:
        return MediaKind.DOCUMENT
    return _KINDS.get(mime.partition("/")[0], MediaKind.DOCUMENT)


def _why_not(ctx: Context, file: records.File) -> Iterator[str]:
    if file.infected:
        yield texts.say(ctx.tenant.locale, "infected")
    if file.deleted or not file.url:
        yield texts.say(ctx.tenant.locale, "file_deleted")

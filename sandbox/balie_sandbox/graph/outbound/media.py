"""Reading image, video, audio, document and sticker: an uploaded file, or a link to one."""

from balie_sandbox.graph.errors import invalid_parameter
from balie_sandbox.graph.media.kinds import KINDS, Kind
from balie_sandbox.graph.media.sniffing import complaint
from balie_sandbox.graph.parameters import Parameters, invalid_value, text_of

from .draft import Content, Draft, Link, missing

CAPTION_LENGTH = 1024
FILENAME_LENGTH = 240
#: Stickers and audio show no text. Source: Meta's pages on these types.
WITH_CAPTION = {"image", "video", "document"}


def read_media(draft: Draft, type_: str) -> Content:
    """Read a media message of any type. Raises 131008, 100 and 131009."""
    given = draft.object(type_)
    content = file_content(draft, given, KINDS[type_], type_)
    caption = text_of(given, "caption", CAPTION_LENGTH)
    if caption and type_ in WITH_CAPTION:
        content["caption"] = caption
    if type_ == "audio" and given.get("voice") in (True, "true"):
        content["voice"] = True
    return content


def file_content(draft: Draft, given: Parameters, kind: Kind, path: str) -> Content:
    """Read the file of a message or header: by id, which is checked now, or by link, later."""
    media_id, link = text_of(given, "id"), text_of(given, "link", 2000)
    if bool(media_id) == bool(link):
        if link:
            raise invalid_parameter(f"Param {path} must have either id or link, not both.")
        raise missing(f"{path}.id", path)
    content: Content = {}
    filename = text_of(given, "filename", FILENAME_LENGTH)
    if media_id:
        content |= known_file(draft, media_id, kind)
    else:
        if not link or not link.lower().startswith(("http://", "https://")):
            raise invalid_value(f"Param {path}['link'] is not a valid URL.")
        content["link"] = link
        draft.links.append(Link(link, kind, content))
    if kind is KINDS["document"] and (filename or "filename" not in content):
        content["filename"] = filename or "Untitled"
    return content


def known_file(draft: Draft, media_id: str, kind: Kind) -> Content:
    """Return what a phone shows of an uploaded file. Raises 131009 for one of nobody."""
    file = draft.account.media.find(media_id, draft.account.clock.now())
    if file is None or file.number_id != draft.number.id:
        raise invalid_value(f"Media ID {media_id} does not exist for this phone number.")
    fault = complaint(file.data, file.mime_type, kind)
    if fault is not None:
        draft.failure = (131053, fault)
    content: Content = {"id": file.id, "mime_type": file.mime_type}
    if kind is KINDS["document"] and file.filename:
        content["filename"] = file.filename
    return content

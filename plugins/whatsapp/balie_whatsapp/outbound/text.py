"""Words, as the body of a message, a caption, or what stands above buttons."""

from collections.abc import Sequence

from balie.api import Context, Markup, Part, Text
from balie_whatsapp.outbound.marks import from_markdown, from_plain
from balie_whatsapp.outbound.refusals import refusal

TEXT_LIMIT = 4096  # characters in text.body, from Meta's "Text messages" page
CAPTION_LIMIT = 1024  # of a file, from Meta's pages on images, videos and documents


def body_of(ctx: Context, parts: Sequence[Part], limit: int = TEXT_LIMIT) -> str:
    """Return the words of parts, marked as WhatsApp does it. Raises Rejected for none or too many.

    Where the unseen characters that keep a star a star are what makes it too long, they are left
    out: a word in bold is better than no word.
    """
    body = "\n\n".join(_marked(part) for part in parts if part.text.strip()).strip()
    if not body:
        raise refusal(ctx, "empty")
    if len(body) > limit:
        body = "\n\n".join(part.text for part in parts if part.text.strip()).strip()
    if len(body) > limit:
        raise refusal(ctx, "too_long", length=len(body), limit=limit)
    return body


def _marked(part: Part) -> str:
    if isinstance(part, Text) and part.markup is Markup.MARKDOWN:
        return from_markdown(part.text)
    return from_plain(part.text)

"""Comment bodies: plain text to Zendesk's HTML and back."""

import html
import re

_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|tr)>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_HANDLERS = re.compile(r"""\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


def html_of_text(body: str) -> str:
    """Paragraphs at blank lines, breaks at the others, everything else escaped."""
    paragraphs = re.split(r"\n{2,}", body.replace("\r\n", "\n"))
    inner = "".join(
        f'<p dir="auto">{html.escape(one, quote=False).replace(chr(10), "<br>")}</p>'
        for one in paragraphs
    )
    return wrapped(inner)


def html_of_client(html_body: str) -> str:
    """A client's HTML without what could run."""
    return wrapped(_HANDLERS.sub("", _HIDDEN.sub("", html_body)))


def text_of_html(html_body: str) -> str:
    text = _TAGS.sub("", _BREAKS.sub("\n", _HIDDEN.sub("", html_body)))
    return html.unescape(text).strip()


def wrapped(inner: str) -> str:
    return f'<div class="zd-comment" dir="auto">{inner}</div>'

"""An answer as a letter: plain text, with what was asked and the way back. Pure but for files.

Nothing that a customer wrote stands in a header (landscape A22), and no header has room for a
second one: addresses are checked by their form, names lose what is no sign of a name.
"""

import re
import unicodedata
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from balie.api import Context, Earlier, Link, Markup, Media, Options, Part, Reply, Text
from balie_mail.texts import of_letter

_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
_LONGEST_NAME = 100


def message_id(ctx: Context, reply_id: str) -> str:
    """Return the id of a letter: the same for the same answer, so that a second is known again."""
    domain = ctx.config["from_address"].rpartition("@")[2]
    return f"<balie.{ctx.connection.id}.{reply_id}@{domain}>"


def letter(ctx: Context, reply: Reply, to: str) -> EmailMessage:
    """Return an answer as a letter to this address."""
    config, locale = ctx.config, _locale(ctx)
    name = _name(config["from_name"] or ctx.tenant.name)
    made = EmailMessage(policy=SMTP)
    made["Subject"] = of_letter("subject", locale, config["tone"], name=name)
    made["From"] = MailAddress(name, addr_spec=config["from_address"])
    made["To"] = MailAddress(addr_spec=to)
    if config["reply_to"]:
        made["Reply-To"] = MailAddress(addr_spec=config["reply_to"])
    made["Date"] = format_datetime(ctx.clock.now())
    made["Message-ID"] = message_id(ctx, reply.id)
    # RFC 3834: nobody's holiday notice should answer this.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    if reply.thread:
        # Letters of one talk stand together; the first of them need not be there.
        domain = config["from_address"].rpartition("@")[2]
        made["References"] = f"<balie.{ctx.connection.id}.talk-{_plain(reply.thread)}@{domain}>"
    made.set_content(_text(ctx, reply, name), charset="utf-8", cte="quoted-printable")
    for part in reply.parts:
        if isinstance(part, Media) and part.stored:
            _enclose(ctx, made, part)
    return made


def _text(ctx: Context, reply: Reply, name: str) -> str:
    """Return the words: the answer first, then what it answers, and how to go on."""
    locale, tone = _locale(ctx), ctx.config["tone"]
    blocks = [line for part in reply.parts if (line := _line(part))]
    if reply.author:
        blocks.append(f"{_name(reply.author)}, {name}")
    for part in reply.parts:
        if isinstance(part, Earlier):
            quoted = "\n".join(f"> {line}" for line in part.text.splitlines())
            blocks.append(f"{of_letter('asked', locale, tone)}\n{quoted}")
        elif isinstance(part, Link):
            blocks.append(f"{of_letter('back', locale, tone)}\n{part.url}")
    answered = of_letter("reply" if ctx.config["reply_to"] else "no_reply", locale, tone)
    blocks.append(f"-- \n{of_letter('why', locale, tone)} {answered}")
    return _clean("\n\n".join(blocks)) + "\n"


def _line(part: Part) -> str:
    """Return how a part of the answer reads; '' for what stands elsewhere in the letter."""
    match part:
        case Earlier() | Link():
            return ""
        case Text(markup=Markup.MARKDOWN):
            return _LINK.sub(r"\1: \2", part.text)
        case Media():
            return part.caption
        case Options():
            return "\n".join([part.text, *(f"- {option.title}" for option in part.options)])
    return part.text


def _enclose(ctx: Context, made: EmailMessage, media: Media) -> None:
    main, _, sub = media.type.partition(";")[0].strip().lower().partition("/")
    known = re.fullmatch(r"[a-z]+", main) and re.fullmatch(r"[a-z0-9.+-]+", sub)
    # A message within a message would be opened as one of its own.
    usual = known and main not in ("message", "multipart")
    with ctx.files.open(media.stored) as file:
        made.add_attachment(
            file.read(),
            maintype=main if usual else "application",
            subtype=sub if usual else "octet-stream",
            filename=_name(media.name) or "file",
        )


def _locale(ctx: Context) -> str:
    return str(ctx.config["locale"] or ctx.tenant.locale)


def _name(text: str) -> str:
    """Return a name as one line, without signs that are none or that turn the direction."""
    plain = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in text)
    return " ".join(plain.split())[:_LONGEST_NAME]


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text)[:64]


def _clean(text: str) -> str:
    """Drop what no text holds: control characters, lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))

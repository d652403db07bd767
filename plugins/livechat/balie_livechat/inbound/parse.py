"""What a visitor's event means."""

from collections.abc import Mapping
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    AddressProven,
    Choice,
    Context,
    ErasureAsked,
    Event,
    EventKind,
    Media,
    MediaKind,
    MessageReceived,
    NumberLeft,
    Part,
    RawEvent,
    Refused,
    Status,
    StatusReported,
    Text,
    Unknown,
)
from balie_livechat.inbound.events import ERASURE, MESSAGE, NUMBER, SIGN_IN
from balie_livechat.texts import say


def parse(ctx: Context, raw: RawEvent) -> list[Event]:
    """Read one event whole."""
    if raw.kind is EventKind.STATUS:
        status = Status(raw.body["status"])
        return [StatusReported(message_id=raw.body["message"], status=status, at=raw.at)]
    by = raw.body["by"]
    sender = _visitor(by["visitor"])
    match raw.body["is"]:
        case str(what) if what == MESSAGE:
            return [_message(ctx, raw, by, sender)]
        case str(what) if what == SIGN_IN:
            same_as = _visitor(raw.body["same_as"])
            evidence = "signed in on the site: a token signed with identity_secret"
            return [
                AddressProven(
                    id=raw.id, sender=sender, same_as=same_as, at=raw.at, evidence=evidence
                )
            ]
        case str(what) if what == NUMBER:
            facts = {name: raw.body[name] for name in ("number", "consent", "begins_on")}
            return [NumberLeft(id=raw.id, sender=sender, at=raw.at, **facts)]
        case str(what) if what == ERASURE:
            return [ErasureAsked(id=raw.id, sender=sender, at=raw.at)]
    return [Refused(reason=f"nothing is known of {raw.body['is']!r}")]


def _message(
    ctx: Context, raw: RawEvent, by: Mapping[str, Any], sender: Address
) -> MessageReceived:
    addresses = [sender]
    if by.get("phone"):
        addresses.append(Address(kind=AddressKind.PHONE, value=by["phone"]))
    if by.get("email"):
        addresses.append(Address(kind=AddressKind.EMAIL, value=by["email"]))
    return MessageReceived(
        id=raw.id,
        sender=tuple(addresses),
        at=raw.at,
        parts=tuple(_parts(ctx, raw.body)),
        name=by.get("name", "") or raw.body.get("fields", {}).get("name", ""),
        quotes=raw.body.get("quotes"),
        thread=raw.body["thread"],
        evidence=_evidence(by),
        hop=raw.body.get("hop", ""),
        language=raw.body.get("language", ""),
    )


def _parts(ctx: Context, body: Mapping[str, Any]) -> list[Part]:
    parts: list[Part] = []
    locale = ctx.tenant.locale
    if body.get("topic"):
        words = f"{say(ctx.config, 'topic', locale)}: {body['topic']}"
        parts.append(Unknown(type="topic", text=words))
    labels = body.get("labels", {})
    lines = [f"{labels.get(name, name)}: {value}" for name, value in body.get("fields", {}).items()]
    if lines:
        parts.append(Unknown(type="form", text="\n".join(lines)))
    if body.get("choice"):
        choice = body["choice"]
        parts.append(Choice(text=choice["title"], id=choice["id"], title=choice["title"]))
    if body.get("text"):
        parts.append(Text(text=body["text"]))
    parts += [_file(ctx, file) for file in body.get("files", ())]
    return parts


def _file(ctx: Context, file: Mapping[str, Any]) -> Media:
    label = say(ctx.config, "file", ctx.tenant.locale)
    return Media(
        kind=MediaKind(file["kind"]),
        ref=file["key"],
        text=f"[{label}] {file['name']}",
        type=file["type"],
        name=file["name"],
        sha256=file["sha256"],
        size=file["size"],
        stored=file["key"],
    )


def _evidence(by: Mapping[str, Any]) -> str:
    """Return what shows who this is, and what the visitor agreed to before anything was kept."""
    known = (
        "signed in on the site: a token signed with identity_secret"
        if by.get("recognised")
        else "a visitor of the site, known by a token of this browser"
    )
    if not by.get("consent"):
        return known
    facts = [by[name] for name in ("consent_mark", "consent_language") if by.get(name)]
    mark = f" ({', '.join(facts)})" if facts else ""
    return f"{known}; agreed to text {by['consent']!r}{mark} at {by['consent_at']}"


def _visitor(value: str) -> Address:
    return Address(kind=AddressKind.VISITOR, value=value)

"""Values put into a template's components, as Meta's page "Send message templates" has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balie.api import Context, TemplateUse
from balie_whatsapp.graph.uploads import Uploads
from balie_whatsapp.outbound.files import media_id
from balie_whatsapp.outbound.refusals import refusal
from balie_whatsapp.templates.variables import MEDIA_FORMATS, kind_of, needs_value, places
from balie_whatsapp.untrusted import decimal, mappings, one_line

Component = Mapping[str, Any]
_LONGEST = 1024
_FALLBACK_TYPES = {"IMAGE": "image/jpeg", "DOCUMENT": "application/pdf"}
_FIRST_BYTES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG", "image/png"),
    (0, b"%PDF", "application/pdf"),
    (4, b"ftyp", "video/mp4"),
)


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills in one template."""

    ctx: Context
    use: TemplateUse
    uploads: Uploads

    def components(self, components: Any, prefix: str = "") -> list[dict[str, Any]]:
        """Return the components that take values. Raises Rejected."""
        return [
            filled
            for component in mappings(components)
            for filled in self._filled(component, prefix)
        ]

    def _filled(self, component: Component, prefix: str) -> Iterator[dict[str, Any]]:
        kind = kind_of(component)
        if kind in ("HEADER", "BODY"):
            parameters = self._parameters(component, kind.lower(), prefix)
            if parameters:
                yield {"type": kind.lower(), "parameters": parameters}
        elif kind == "BUTTONS":
            for number, button in enumerate(mappings(component.get("buttons"))):
                yield from self._button(button, number, prefix)
        elif kind == "LIMITED_TIME_OFFER":
            yield from self._offer(prefix)
        elif kind == "CAROUSEL":
            cards = [
                {
                    "card_index": number,
                    "components": self.components(
                        card.get("components"), f"{prefix}card.{number}."
                    ),
                }
                for number, card in enumerate(mappings(component.get("cards")))
            ]
            yield {"type": "carousel", "cards": cards}

    def _parameters(self, component: Component, where: str, prefix: str) -> list[dict[str, Any]]:
        layout = one_line(component.get("format"), 20).upper()
        if where == "header" and layout in MEDIA_FORMATS:
            return [self._media(layout, f"{prefix}header.media")]
        if where == "header" and layout == "LOCATION":
            return [{"type": "location", "location": self._place(f"{prefix}header.location")}]
        return [
            {
                "type": "text",
                # Names where the template has names; Meta refuses them beside numbers.
                **({} if name.isdigit() else {"parameter_name": name}),
                "text": self._value(f"{prefix}{where}.{name}"),
            }
            for name in places(component.get("text"))
        ]

    def _value(self, name: str) -> str:
        """Return a value on one line: Meta takes no line break, tab or row of spaces in it."""
        return one_line(self.use.values.get(name), _LONGEST)

    def _button(self, button: Component, number: int, prefix: str) -> Iterator[dict[str, Any]]:
        name = f"{prefix}button.{number}"
        value, kind = self._value(name), kind_of(button)
        if not value and not needs_value(button):
            if kind in ("MPM", "ORDER_DETAILS"):
                what = kind.lower()
                raise refusal(self.ctx, "template_kind", name=self.use.name, what=what)
            if kind != "FLOW":
                return
        parameter: dict[str, Any]
        if kind in ("URL", "OTP"):
            sub_type, parameter = "url", {"type": "text", "text": value}
        elif kind == "COPY_CODE":
            sub_type, parameter = "copy_code", {"type": "coupon_code", "coupon_code": value}
        elif kind == "QUICK_REPLY":
            sub_type, parameter = "quick_reply", {"type": "payload", "payload": value}
        elif kind == "FLOW":
            token = {"flow_token": value} if value else {}
            sub_type, parameter = "flow", {"type": "action", "action": token}
        else:
            return
        yield {
            "type": "button",
            "sub_type": sub_type,
            "index": str(number),
            "parameters": [parameter],
        }

    def _offer(self, prefix: str) -> Iterator[dict[str, Any]]:
        name = f"{prefix}offer.expires"
        value = self._value(name)
        if not value:
            return
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise self._unfit(name) from None
        offer = {"expiration_time_ms": int(moment.timestamp() * 1000)}
        yield {
            "type": "limited_time_offer",
            "parameters": [{"type": "limited_time_offer", "limited_time_offer": offer}],
        }

    def _place(self, name: str) -> dict[str, Any]:
        """Return a place from ``52.1, 4.3, Balie, Plein 1``: the address may hold commas."""
        latitude, longitude, *words = [part.strip() for part in self._value(name).split(",")] + [""]
        if decimal(latitude) is None or decimal(longitude) is None:
            raise self._unfit(name)
        title, address = (words[0], ", ".join(filter(None, words[1:]))) if words else ("", "")
        return {
            "latitude": latitude,
            "longitude": longitude,
            "name": title,
            "address": address,
        }

    def _media(self, layout: str, name: str) -> dict[str, Any]:
        kind, value = layout.lower(), self._value(name)
        if value.startswith(("https://", "http://")):
            return {"type": kind, kind: {"link": value}}
        return {
            "type": kind,
            kind: {"id": media_id(self.ctx, value, self._type(value, layout), self.uploads)},
        }

    def _type(self, stored: str, layout: str) -> str:
        """Return a stored file's MIME type by its first bytes; its key does not tell it."""
        try:
            with self.ctx.files.open(stored) as file:
                first = file.read(16)
        except KeyError:
            first = b""
        for at, mark, mime in _FIRST_BYTES:
            if first[at:].startswith(mark):
                return mime
        return _FALLBACK_TYPES.get(layout, "video/mp4")

    def _unfit(self, name: str) -> Exception:
        value = self._value(name)
        return refusal(self.ctx, "template_value", name=self.use.name, value=value, variable=name)

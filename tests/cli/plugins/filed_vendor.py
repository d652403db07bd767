"""A channel whose vendor is a file: what stands in it as JSON is what the vendor says."""

from pathlib import Path
from typing import Any

import orjson
from marshmallow import fields

from balie.api import (
    Allowance,
    Capabilities,
    ConfigSchema,
    Context,
    Event,
    Ingress,
    Kind,
    Manifest,
    RawEvent,
    Receipt,
    Rejected,
    Reply,
    Secret,
    SetUp,
    Step,
    Template,
    TransientError,
    WayIn,
    WebRequest,
    hookimpl,
)


class Config(ConfigSchema):
    """Where the file is, and what setting up learns."""

    file = fields.String(required=True)
    secret = Secret(load_default="nothing yet")


class FiledVendor:
    """The channel."""

    manifest = Manifest(id="filed_vendor", name="Filed", kind=Kind.CHANNEL, config=Config)

    @hookimpl
    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        return Ingress()

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        return []

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        return Receipt(message_id=reply.id)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        return Capabilities(allowance=Allowance(type="free_customer_service", messages=1000))

    @hookimpl
    def templates_list(self, ctx: Context) -> list[Template]:
        said = _said(ctx, "templates")
        return [
            Template(**{**one, "variables": tuple(map(tuple, one.get("variables", ())))})
            for one in said
        ]

    @hookimpl
    def template_submit(self, ctx: Context, template: Template) -> Template:
        if template.name == "bad":
            raise Rejected("132000", "This is no template")
        return Template(
            id="9",
            name=template.name,
            language=template.language,
            category=template.category,
            status="PENDING",
            text="",
        )

    @hookimpl
    def connection_setup(self, ctx: Context) -> SetUp:
        steps = tuple(Step(**step) for step in _said(ctx, "steps"))
        return SetUp(steps=steps, learned=_said(ctx, "learned", {}))

    @hookimpl
    def ways_in(self, ctx: Context) -> list[WayIn]:
        return [WayIn(**way) for way in _said(ctx, "ways")]


def _said(ctx: Context, what: str, nothing: Any = ()) -> Any:
    said = orjson.loads(Path(ctx.config["file"]).read_bytes()).get(what, nothing)
    if said == "away":
        raise TransientError("the vendor is away")
    return said


plugin = FiledVendor()

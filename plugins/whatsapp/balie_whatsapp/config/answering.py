"""How a tenant wants customers to be answered on this number."""

import re

from marshmallow import ValidationError, fields, validate, validates

from balie.api import ConfigSchema

IGNORE, REJECT, CALLBACK = "ignore", "reject", "callback"
_TEMPLATE = re.compile(r"[a-z0-9_]{1,512}/[a-z]{2,3}(_[A-Za-z0-9]{2,4})?")


class Answering(ConfigSchema):
    """The window, calls, read marks, and what was said before."""

    remind_before_hours = fields.Float(
        load_default=0.0,
        validate=validate.Range(min=0, max=23, error="must be between 0 and 23."),
        metadata={
            "description": "Hours before the customer's window closes that agents are told; 0: not."
        },
    )
    remind_text = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={"description": "What agents are told then; empty: Balie's own words."},
    )
    waiting_template = fields.String(
        load_default="",
        metadata={
            "description": "Template sent when an answer comes too late, as name/language: "
            "answer_waiting/nl. Empty: agents are told that the answer cannot be sent."
        },
    )
    hold_days = fields.Float(
        load_default=7.0,
        validate=validate.Range(min=0, min_inclusive=False, max=30, error="must be 30 at most."),
        metadata={"description": "Days that a late answer is kept until the customer asks for it."},
    )
    messages_per_second = fields.Integer(
        load_default=80,
        validate=validate.Range(min=1, max=1000, error="must be between 1 and 1000."),
        metadata={"description": "How fast Meta lets this number send; learned at setup."},
    )
    mark_read = fields.Boolean(
        load_default=True,
        metadata={"description": "Blue ticks once a message stands in the helpdesk."},
    )
    typing = fields.Boolean(
        load_default=False,
        metadata={"description": "With the blue ticks, show for 25 seconds that someone types."},
    )
    calls = fields.String(
        load_default=IGNORE,
        validate=validate.OneOf((IGNORE, REJECT, CALLBACK)),
        metadata={
            "description": "What is done when a customer calls: reject (and say so by message), "
            "callback (reject, and tell the agents whom to call), ignore (let it ring)."
        },
    )
    call_text = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={"description": "What a rejected caller is told; empty: Balie's own words."},
    )
    import_history = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Put the WhatsApp Business app's older messages into tickets, of a "
            "number that is used in both."
        },
    )

    @validates("waiting_template")
    def _names_a_template(self, value: str, data_key: str) -> None:
        if value and not _TEMPLATE.fullmatch(value):
            raise ValidationError(f"{data_key} is no template; write it as answer_waiting/nl.")

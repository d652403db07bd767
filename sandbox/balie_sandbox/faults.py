"""Faults a test asks for, and whether one strikes now.

API targets are ``graph``, ``lookaside`` (its files) and ``zendesk``; webhook targets
``webhook:graph`` and ``webhook:zendesk``. What a kind does is in fault_gate (APIs) and
delivery (webhooks).
"""

import random
import re
from dataclasses import asdict, dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

API_TARGETS = ("graph", "lookaside", "zendesk")
WEBHOOK_TARGETS = ("webhook:graph", "webhook:zendesk")
API_KINDS = ("status", "reset", "lost", "stall", "slow")
WEBHOOK_KINDS = ("drop", "duplicate", "reorder", "delay")

DEFAULT_SEED = 1


@dataclass(kw_only=True)
class Fault:
    """One rule. ``count`` is how often it may still strike (None: without end)."""

    target: str
    kind: str
    rate: float = 1.0
    count: int | None = None
    path: str | None = None
    method: str | None = None
    #: Of kind "status": the HTTP status, its Retry-After in seconds, and a body to send as is.
    status: int = 503
    retry_after: int | None = None
    body: str | None = None
    #: Of "stall", "slow" and "delay".
    seconds: float = 1.0
    fired: int = 0

    def matches(self, target: str, method: str, path: str) -> bool:
        """Say whether the rule is about this request at all."""
        return (
            self.target == target
            and self.count != 0
            and (self.method is None or self.method == method)
            and (self.path is None or re.search(self.path, path) is not None)
        )

    def as_json(self) -> dict[str, Any]:
        """Return every field, for GET /control/faults."""
        return asdict(self)


class FaultSchema(Schema):
    """The body of POST /control/faults."""

    class Meta:
        unknown = EXCLUDE

    target = fields.String(required=True, validate=validate.OneOf(API_TARGETS + WEBHOOK_TARGETS))
    kind = fields.String(required=True, validate=validate.OneOf(API_KINDS + WEBHOOK_KINDS))
    rate = fields.Float(validate=validate.Range(0, 1))
    count = fields.Integer(allow_none=True, validate=validate.Range(1))
    path = fields.String(allow_none=True)
    method = fields.String(allow_none=True)
    status = fields.Integer(validate=validate.Range(200, 599))
    retry_after = fields.Integer(allow_none=True, validate=validate.Range(0))
    body = fields.String(allow_none=True)
    seconds = fields.Float(validate=validate.Range(0, 600))

    @validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a kind that its target does not know, and a path that is no pattern."""
        kinds = API_KINDS if data["target"] in API_TARGETS else WEBHOOK_KINDS
        if data["kind"] not in kinds:
            raise ValidationError(f"{data['target']} knows {', '.join(kinds)}.", "kind")
        try:
            re.compile(data.get("path") or "")
        except re.error as error:
            raise ValidationError(f"Not a regular expression: {error}.", "path") from error


class Faults:
    """The rules in force. The same seed and the same requests give the same strikes."""

    def __init__(self, seed: int = DEFAULT_SEED) -> None:
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self.rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a rule in force, behind those already there."""
        if fault.method is not None:
            fault.method = fault.method.upper()
        self.rules.append(fault)

    def clear(self, seed: int | None = None) -> None:
        """Drop all rules and start the chances again, from ``seed`` when given."""
        self._seed = self._seed if seed is None else seed
        self._chance.seed(self._seed)
        self.rules.clear()

    def strike(self, target: str, method: str = "POST", path: str = "") -> Fault | None:
        """Return the first rule that strikes this request and count it, or None."""
        for fault in self.rules:
            if fault.matches(target, method, path) and self._chance.random() < fault.rate:
                fault.fired += 1
                if fault.count is not None:
                    fault.count -= 1
                return fault
        return None

"""/control: what belongs to no one vendor. Faults, time, reset, deliveries, health."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema, fields, validate

from .bad_input import BadInput, json_object, load
from .faults import Fault, FaultSchema
from .sandbox import Sandbox


class ClockSchema(Schema):
    """The body of POST /control/clock."""

    class Meta:
        unknown = EXCLUDE

    advance = fields.Float(required=True, validate=validate.Range(0, 10 * 365 * 86400))


def control_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the routes, mounted at /control."""
    blueprint = Blueprint("control", __name__)
    add_state_routes(blueprint, sandbox)
    add_fault_routes(blueprint, sandbox)
    return blueprint


def add_state_routes(blueprint: Blueprint, sandbox: Sandbox) -> None:
    """Add health, reset, clock and deliveries."""

    @blueprint.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok", now=sandbox.clock.now().isoformat())

    @blueprint.post("/reset")
    def reset() -> ResponseReturnValue:
        sandbox.reset()
        return jsonify(success=True)

    @blueprint.get("/clock")
    def read_clock() -> ResponseReturnValue:
        return jsonify(now=sandbox.clock.now().isoformat())

    @blueprint.post("/clock")
    def advance_clock() -> ResponseReturnValue:
        seconds = load(ClockSchema(), json_object())["advance"]
        return jsonify(now=sandbox.clock.advance(seconds).isoformat())

    @blueprint.get("/deliveries")
    def deliveries() -> ResponseReturnValue:
        target = request.args.get("target")
        attempts = [
            attempt.as_json()
            for attempt in tuple(sandbox.delivery.attempts)
            if target is None or attempt.target == target
        ]
        return jsonify(deliveries=attempts, pending=sandbox.delivery.pending)


def add_fault_routes(blueprint: Blueprint, sandbox: Sandbox) -> None:
    """Add the rules that make the vendors fail."""

    @blueprint.get("/faults")
    def list_faults() -> ResponseReturnValue:
        return jsonify(faults=[fault.as_json() for fault in sandbox.faults.rules])

    @blueprint.post("/faults")
    def add_fault() -> ResponseReturnValue:
        fields_: dict[str, Any] = load(FaultSchema(), json_object())
        fault = Fault(**fields_)
        sandbox.faults.add(fault)
        return jsonify(fault.as_json()), 201

    @blueprint.delete("/faults")
    def clear_faults() -> ResponseReturnValue:
        seed = request.args.get("seed")
        if seed is not None and not seed.isdecimal():
            raise BadInput("seed must be a whole number.")
        sandbox.faults.clear(int(seed) if seed else None)
        return jsonify(success=True)

"""Errors as the Graph API words them."""

from typing import Any

from balie_sandbox.fault_gate import Envelope
from balie_sandbox.faults import Fault
from balie_sandbox.ids import Ids


def fault_envelope(ids: Ids) -> Envelope:
    """Return how Graph words an injected fault."""

    def envelope(fault: Fault) -> tuple[dict[str, Any], dict[str, str]]:
        code = 130429 if fault.status == 429 else 131000
        return {"error": {"code": code, "fbtrace_id": ids.fbtrace()}}, {}

    return envelope

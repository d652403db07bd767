"""Leaving a vendor alone that fails all the time, so that it holds up nobody but itself."""

import threading
from dataclasses import dataclass, field

FAILURES = 5
LANES = 3
"""So many failures in a row, in so many lanes, and the connection's circuit opens.

One conversation that fails, however often, delays only itself.
"""
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
PROBE_SECONDS = 35.0
"""How long a probe may take before another is sent: a little more than a vendor's time-out."""


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    lanes: set[int] = field(default_factory=set)
    pause: float = 0.0
    closed_until: float = 0.0
    probe: int = 0
    probe_until: float = 0.0


class Breakers:
    """One circuit a connection, in this process. Times are seconds of any clock.

    One that is set back shortens nothing and lengthens nothing by more than a pause.

    After :data:`FAILURES` failures in a row a connection is left alone for a pause; then one
    lane goes as a probe. Its success lets all go again; its failure doubles the pause.
    """

    def __init__(self) -> None:
        self._circuits: dict[int, _Circuit] = {}
        self._lock = threading.Lock()

    def is_open(self, connection_id: int) -> bool:
        """Say whether a connection is left alone, or probed."""
        with self._lock:
            circuit = self._circuits.get(connection_id)
            return circuit is not None and bool(circuit.pause)

    def wait(self, connection_id: int, lane_id: int, now: float) -> float:
        """Return for how many seconds a lane is to leave this connection alone; 0 means go.

        Where a pause has ended, who asks first is the probe, and the others go on waiting.
        """
        with self._lock:
            circuit = self._circuits.get(connection_id)
            if circuit is None or not circuit.pause:
                return 0.0
            circuit.closed_until = min(circuit.closed_until, now + circuit.pause)
            circuit.probe_until = min(circuit.probe_until, now + PROBE_SECONDS)
            if now < circuit.closed_until:
                return circuit.closed_until - now
            if now < circuit.probe_until:
                return FIRST_PAUSE_SECONDS
            circuit.probe, circuit.probe_until = lane_id, now + PROBE_SECONDS
            return 0.0

    def failed(self, connection_id: int, lane_id: int, now: float) -> bool:
        """Count a failure in a lane. Returns whether this opened the circuit."""
        with self._lock:
            circuit = self._circuits.setdefault(connection_id, _Circuit())
            circuit.failures += 1
            circuit.lanes.add(lane_id)
            if circuit.failures < FAILURES or len(circuit.lanes) < LANES:
                return False
            if now < circuit.closed_until:  # it was under way when the circuit opened
                return False
            was_open = bool(circuit.pause)
            circuit.pause = min(circuit.pause * 2 or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
            circuit.closed_until, circuit.probe_until = now + circuit.pause, 0.0
            return not was_open

    def told_nothing(self, connection_id: int, lane_id: int) -> None:
        """Let another lane be the probe, if this one was: it has said nothing of the vendor."""
        with self._lock:
            circuit = self._circuits.get(connection_id)
            if circuit is not None and circuit.probe == lane_id:
                circuit.probe_until = 0.0

    def succeeded(self, connection_id: int) -> bool:
        """Close the circuit. Returns whether it was open."""
        with self._lock:
            circuit = self._circuits.pop(connection_id, None)
            return circuit is not None and bool(circuit.pause)

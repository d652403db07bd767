"""What a process shows to Prometheus: its own counters, and what stands in the database."""

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from balie.ledger.inspect import counts
from balie.run.beats import living
from balie.run.roles import Role
from balie.run.services import Services
from balie.store import StoreUnavailable

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposed(services: Services) -> bytes:
    """Return all metrics; those of the database only where it answers."""
    return generate_latest(services.metrics.registry) + _database_lines(services)


def _database_lines(services: Services) -> bytes:
    try:
        with services.store.reading() as session:
            found = counts(session)
            processes = living(session, services.clock.now())
    except StoreUnavailable:
        return b""
    lines = ["# HELP balie_ledger_items Items of the ledger that have not ended.\n"]
    lines.append("# TYPE balie_ledger_items gauge\n")
    lines += [f'balie_ledger_items{{state="{state}"}} {n}\n' for state, n in found.items()]
    lines.append("# HELP balie_processes Processes seen in the last half minute.\n")
    lines.append("# TYPE balie_processes gauge\n")
    lines += [f'balie_processes{{role="{role}"}} {processes.get(role, 0)}\n' for role in Role]
    return "".join(lines).encode()

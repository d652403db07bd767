"""What a process shows to Prometheus: its own counters, and what stands in the database."""

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from balie.ledger.inspect import counts
from balie.run.beats import living
from balie.run.roles import Role
from balie.run.services import Services
from balie.store import StoreUnavailable
from balie.tenants.standing import Standings, standings

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposed(services: Services) -> bytes:
    """Return all metrics; those of the database only where it answers."""
    return generate_latest(services.metrics.registry) + _database_lines(services)


def _database_lines(services: Services) -> bytes:
    try:
        with services.store.reading() as session:
            found = counts(session)
            processes = living(session, services.clock.now())
            connections = standings(session)
    except StoreUnavailable:
        return b""
    lines = ["# HELP balie_ledger_items Items of the ledger that have not ended.\n"]
    lines.append("# TYPE balie_ledger_items gauge\n")
    lines += [f'balie_ledger_items{{state="{state}"}} {n}\n' for state, n in found.items()]
    lines.append("# HELP balie_processes Processes seen in the last half minute.\n")
    lines.append("# TYPE balie_processes gauge\n")
    lines += [f'balie_processes{{role="{role}"}} {processes.get(role, 0)}\n' for role in Role]
    return "".join(lines + _connection_lines(connections)).encode()


def _connection_lines(found: Standings) -> list[str]:
    lines = ["# HELP balie_connections Connections by plugin and by what they are able to do.\n"]
    lines.append("# TYPE balie_connections gauge\n")
    lines += [
        f'balie_connections{{plugin="{plugin}",state="{state}"}} {n}\n'
        for (plugin, state), n in found.states.items()
    ]
    lines.append("# HELP balie_connection_alarms Connections whose vendor warns of something.\n")
    lines.append("# TYPE balie_connection_alarms gauge\n")
    lines += [
        f'balie_connection_alarms{{plugin="{plugin}"}} {n}\n' for plugin, n in found.alarms.items()
    ]
    return lines

"""How all connections stand, counted for who watches an installation."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from balie.tenants.models import ConnectionRow


@dataclass(frozen=True, slots=True)
class Standings:
    """Connections by (plugin, state), and those of which the vendor warns by plugin."""

    states: Mapping[tuple[str, str], int]
    alarms: Mapping[str, int]


def standings(session: Session) -> Standings:
    """Count the connections of all tenants; none of them is named."""
    counted = session.execute(
        select(ConnectionRow.plugin, ConnectionRow.state, func.count())
        .group_by(ConnectionRow.plugin, ConnectionRow.state)
        .order_by(ConnectionRow.plugin, ConnectionRow.state)
    ).all()
    warned = session.execute(
        select(ConnectionRow.plugin, func.count())
        .where(ConnectionRow.alarm != "")
        .group_by(ConnectionRow.plugin)
    ).all()
    alarms = {plugin: 0 for plugin, _, _ in counted} | {plugin: n for plugin, n in warned}  # noqa: C416 -- rows are not tuples to mypy
    return Standings({(plugin, state): n for plugin, state, n in counted}, alarms)

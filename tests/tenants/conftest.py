"""The counter on paper."""

from tests.ledger.paper import another_tenant, clock, paper, services

__all__ = ["another_tenant", "clock", "paper", "services"]

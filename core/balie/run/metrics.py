"""What this process counts. Labels name plugins and outcomes, never tenants or people."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram

from balie.hooks import HookMetrics, hook_metrics


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of one application, on a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    hooks: HookMetrics = field(init=False)
    webhooks: Counter = field(init=False)
    events: Counter = field(init=False)
    ingress_seconds: Histogram = field(init=False)

    def __post_init__(self) -> None:
        """Register everything."""
        made = {
            "hooks": hook_metrics(self.registry),
            "webhooks": Counter(
                "balie_webhooks",
                "Webhooks by plugin and by what became of them.",
                ["plugin", "outcome"],
                registry=self.registry,
            ),
            "events": Counter(
                "balie_events",
                "Events by plugin: new, duplicate, or refused at the door.",
                ["plugin", "outcome"],
                registry=self.registry,
            ),
            "ingress_seconds": Histogram(
                "balie_ingress_seconds",
                "Time from a webhook's arrival until it is committed.",
                registry=self.registry,
                buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
            ),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

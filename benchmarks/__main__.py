"""Measures all claims, prints them, and ends with 1 if one did not hold."""

import json
import os
import platform
import sys
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from benchmarks import batch, ingress, livechat, peak, soak, stored, story, throughput, workers

CLAIMS = {
    "ingress": ingress.claims,
    "batch": batch.claims,
    "story": story.claims,
    "workers": workers.claims,
}
AIMS = {
    "throughput": throughput.claims,
    "peak": peak.claims,
    "livechat": livechat.claims,
    "stored": stored.claims,
    "soak": soak.claims,
}
"""Measured when named: what takes long, or has not been shown to hold on a machine at rest."""


def main() -> int:
    """Measure what is named on the command line, or everything."""
    names = [name for name in sys.argv[1:] if name != "--json"] or list(CLAIMS)
    found = [claim for name in names for claim in (CLAIMS | AIMS)[name]()]
    if "--json" in sys.argv:
        print(json.dumps([asdict(claim) | {"holds": claim.holds} for claim in found], indent=2))
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("claim", "figure", "bound", "", "detail"):
            table.add_column(column)
        for claim in found:
            figure = f"{claim.value:.2f} {claim.unit}"
            verdict = "holds" if claim.holds else "MISSED"
            table.add_row(claim.name, figure, claim.bound, verdict, claim.detail)
        Console(width=130, markup=False).print(table)
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    return 0 if all(claim.holds for claim in found) else 1


sys.exit(main())

"""Measures all claims, prints them, and ends with 1 if one did not hold."""

import argparse
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
    "throughput": throughput.claims,
    "peak": peak.claims,
}
LONG = {
    "livechat": livechat.claims,
    "stored": stored.claims,
    "soak": soak.claims,
}
"""Measured when named, as they take minutes."""


def main() -> int:
    """Measure what is named on the command line, or everything."""
    every = CLAIMS | LONG
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    given = f"{', '.join(CLAIMS)} (these, unless named); {', '.join(LONG)}, which take minutes"
    parser.add_argument("name", nargs="*", metavar="NAME", help=given)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    unknown = ", ".join(name for name in options.name if name not in every)
    if unknown:
        parser.error(f"there is no {unknown}; there are {', '.join(every)}")
    found = [claim for name in options.name or CLAIMS for claim in every[name]()]
    if options.json:
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

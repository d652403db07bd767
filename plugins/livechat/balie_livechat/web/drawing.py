"""Addresses as QR codes, to be scanned with a phone."""

import io
from functools import lru_cache

import segno


@lru_cache(maxsize=500)
def qr_code(url: str) -> str:
    """Return an address as a QR code in SVG: paths, and nothing that could run."""
    drawn = io.BytesIO()
    segno.make(url, micro=False, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2
    )
    return drawn.getvalue().decode()

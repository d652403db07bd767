"""What refers to an agent's file until it is fetched: its address, and what to see to before."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from balie_crm_zendesk import records
from balie_crm_zendesk.records.shapes import EPOCH

_PICTURE = "picture "
_UNSCANNED = re.compile(r"unscanned (\d{1,19}) (\d{1,12}) (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reference:
    """An address. ``unscanned`` is the id of an attachment whose scan had said nothing yet.

    It is 0 for any other; ``since`` is when that one came. ``pasted``: the address is one that
    somebody put into the text as a picture's, and not Zendesk's own word.
    """

    url: str
    unscanned: int = 0
    since: datetime = EPOCH
    pasted: bool = False


def of_file(file: records.File, since: datetime) -> str:
    """Return what refers to an attachment that is there since then."""
    if file.scan in records.NOT_KNOWN and file.id > 0 and file.url:
        return f"unscanned {file.id} {int(since.timestamp())} {file.url}"
    return file.url


def of_picture(url: str) -> str:
    """Return what refers to a picture in a text."""
    return f"{_PICTURE}{url}"


def read(ref: str) -> Reference:
    """Return what a reference says; most are an address and nothing else."""
    if ref.startswith(_PICTURE):
        return Reference(ref.removeprefix(_PICTURE), pasted=True)
    found = _UNSCANNED.fullmatch(ref)
    if found is None:
        return Reference(ref)
    return Reference(found[3], int(found[1]), datetime.fromtimestamp(int(found[2]), UTC))

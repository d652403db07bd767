"""The database: engine, transactions, column types, migrations.

The tables belong to the packages that use them.
"""

from balie.store.base import Base, Id, Json, Key, UtcDateTime, Words
from balie.store.engine import Store, StoreBusy, StoreUnavailable, exclusively, session_on
from balie.store.given import Given
from balie.store.plain import Unstorable, as_json, fitted
from balie.store.ready import run
from balie.store.statements import adopted, as_read, table_of, unless_there

__all__ = [
    "Base",
    "Given",
    "Id",
    "Json",
    "Key",
    "Store",
    "StoreBusy",
    "StoreUnavailable",
    "Unstorable",
    "UtcDateTime",
    "Words",
    "adopted",
    "as_json",
    "as_read",
    "exclusively",
    "fitted",
    "run",
    "session_on",
    "table_of",
    "unless_there",
]

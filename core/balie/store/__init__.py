"""The database: engine, transactions, column types, migrations.

The tables belong to the packages that use them.
"""

from balie.store.base import Base, Id, Json, Key, UtcDateTime, Words
from balie.store.engine import Store, StoreUnavailable, exclusively
from balie.store.plain import Unstorable, as_json, fitted

__all__ = [
    "Base",
    "Id",
    "Json",
    "Key",
    "Store",
    "StoreUnavailable",
    "Unstorable",
    "UtcDateTime",
    "Words",
    "as_json",
    "exclusively",
    "fitted",
]

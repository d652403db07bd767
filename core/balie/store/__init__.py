"""The database: engine, transactions, column types, migrations.

The tables belong to the packages that use them.
"""

from balie.store.base import Base, Id, Json, UtcDateTime
from balie.store.engine import Store, StoreUnavailable

__all__ = ["Base", "Id", "Json", "Store", "StoreUnavailable", "UtcDateTime"]

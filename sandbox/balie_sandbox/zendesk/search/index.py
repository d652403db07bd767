"""The search index: a write is found only after the lag."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from balie_sandbox.zendesk.settings import AccountSettings

from .documents import Document
from .matching import matches
from .query import Term

Key = tuple[str, int]


class SearchIndex:
    """Documents as the search sees them now, and newer versions that wait for the lag."""

    def __init__(self, now: Callable[[], datetime], settings: AccountSettings) -> None:
        self._now = now
        self._settings = settings
        self._visible: dict[Key, Document | None] = {}
        self._waiting: dict[Key, list[tuple[datetime, Document | None]]] = {}

    def write(self, document: Document) -> None:
        self._put((document.kind, document.id), document)

    def remove(self, kind: str, key: int) -> None:
        """Deletions lag as well."""
        self._put((kind, key), None)

    def find(self, terms: list[Term], kinds: Iterable[str]) -> list[Key]:
        """Kind and id of what fulfils all terms, newest first."""
        self._settle()
        wanted = set(kinds)
        found = [
            key
            for key, document in self._visible.items()
            if key[0] in wanted and document is not None and matches(document, terms)
        ]
        return sorted(found, key=lambda key: key[1], reverse=True)

    def settle(self, kind: str, key: int) -> None:
        """Make a record findable at once, for data that was there before."""
        versions = self._waiting.pop((kind, key), [])
        if versions:
            self._visible[kind, key] = versions[-1][1]

    def _put(self, key: Key, document: Document | None) -> None:
        self._waiting.setdefault(key, []).append((self._now(), document))

    def _settle(self) -> None:
        horizon = self._now() - timedelta(seconds=self._settings.search_lag_seconds)
        for key, versions in list(self._waiting.items()):
            ripe = [document for written, document in versions if written <= horizon]
            if not ripe:
                continue
            self._visible[key] = ripe[-1]
            left = versions[len(ripe) :]
            if left:
                self._waiting[key] = left
            else:
                del self._waiting[key]

"""A file of the account, and the upload that waits for its comment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

#: What malware_scan_result can say (developer docs, ticket-attachments).
VERDICTS = ("malware_found", "malware_not_found", "failed_to_scan", "not_scanned")


@dataclass(slots=True)
class StoredFile:
    """One file. `token` is the part of its address that cannot be guessed."""

    id: int
    token: str
    file_name: str
    content_type: str
    data: bytes
    content_url: str
    #: Until when the scan takes, and what it will say.
    scanned_at: datetime
    verdict: str
    now: Callable[[], datetime]
    inline: bool = False
    deleted: bool = False
    malware_access_override: bool = False

    @property
    def malware_scan_result(self) -> str:
        return self.verdict if self.now() >= self.scanned_at else "not_scanned"

    @property
    def is_blocked(self) -> bool:
        """Whether agents may not open it."""
        return self.malware_scan_result == "malware_found" and not self.malware_access_override


@dataclass(slots=True)
class Upload:
    """Files under one token, which is good for one comment and until `expires_at`."""

    token: str
    expires_at: datetime
    files: list[StoredFile] = field(default_factory=list)

"""Whether somebody hears what channels report, since when, and how long nobody did before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_SILENCE = timedelta(hours=1)
"""No answer is held back for longer, however long nobody listened."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Webhooks are heard ``since`` then; before that, nobody did for as long as ``silence``."""

    since: datetime
    silence: timedelta = timedelta()

    def proven_by(self, attempted_at: datetime, patience: timedelta) -> datetime:
        """Return until when a status must have come for what was sent at that time.

        A channel that found nobody sends its statuses again in growing intervals, each about as
        long as it has been trying already. So after a silence the next try may take as long as
        the silence was.
        """
        if attempted_at >= self.since:
            return attempted_at + patience
        return self.since + max(patience, min(self.silence, LONGEST_SILENCE))

"""Zendesk's scan of a file for malware, which ends some seconds after the comment is there.

"Usually the scan is done within a few seconds, but high load conditions can delay the scan
results." https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/
"""

from datetime import datetime, timedelta

from balie.api import Context, PermanentError, TransientError
from balie_crm_zendesk import records, texts
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound

#: So long a file waits for its scan. What is not flagged then Zendesk lets agents open, so it goes.
PATIENCE = timedelta(minutes=2)
LOOK_AGAIN_SECONDS = 3.0


def remark(ctx: Context, file_id: int, since: datetime) -> str:
    """Return what is to be said of a file that came then: nothing, where it was found clean.

    Raises PermanentError where malware was found, and TransientError while it is being looked for.
    """
    try:
        file = records.file(Client(ctx).get(f"/attachments/{file_id}").get("attachment"))
    except NotFound:
        raise PermanentError(texts.say(ctx.tenant.locale, "file_deleted")) from None
    if file.id != file_id:  # nothing that can be read is no word that it is clean
        raise TransientError("Zendesk does not say what its scan of a file found.")
    if file.infected:
        raise PermanentError(texts.say(ctx.tenant.locale, "infected"))
    if file.scan not in records.NOT_KNOWN:
        return ""
    if file.scan == records.NOT_SCANNED and ctx.clock.now() - since < PATIENCE:
        text = texts.say(ctx.tenant.locale, "scan_awaited")
        raise TransientError(text, retry_after=LOOK_AGAIN_SECONDS)
    return texts.say(ctx.tenant.locale, "not_scanned")

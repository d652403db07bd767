"""How the keys begin under which messages are said once, and what that tells of them."""

from balie.desk.records.models import MessageRow

ONCE = "once:"
"""What a rule let be said."""
WAITING = "waiting:"
"""What asks the customer to respond, so that answers may follow."""
INSTEAD = "instead:"
"""A message that is sent in place of one that did not arrive."""
LEFT = f"{WAITING}left:"
"""What asks whoever has a number that was typed elsewhere whether they accept answers there."""
RATING = "rating:"
"""What asks the customer how it was."""
SOLVES = "solves:"
"""A note with which the conversation ends: an agent commanded it."""
AUTOMATIC = (ONCE, WAITING, RATING)


def is_solving(message: MessageRow) -> bool:
    """Say whether the ticket is to be solved with this note."""
    return (message.note_key or "").startswith(SOLVES)


def is_automatic(message: MessageRow) -> bool:
    """Say whether nobody wrote this: nobody waits for it, and it answers no customer."""
    return (message.note_key or "").startswith(AUTOMATIC)

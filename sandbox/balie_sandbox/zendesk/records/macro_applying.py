"""What a macro would change on a ticket."""

from collections.abc import Callable

from balie_sandbox.zendesk.account import BASE_URL, ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.records.model import Record
from balie_sandbox.zendesk.tickets.comment_html import text_of_html
from balie_sandbox.zendesk.tickets.model import Actor, Ticket
from balie_sandbox.zendesk.tickets.tagging import with_tags
from balie_sandbox.zendesk.triggers.placeholders import fill
from balie_sandbox.zendesk.users.model import User

COMMENTS = ("comment_value", "comment_value_html")


def applied(account: ZendeskAccount, who: Actor, ticket: Ticket, macro: Record) -> Json:
    """What the macro changes on a ticket, its placeholders filled."""
    change = account.ticket_writing.open(who, ticket, {})
    found = changes_of(macro, who.user, lambda text: fill(text, change, account.users, BASE_URL))
    for name in ("current_tags", "remove_tags"):
        words = str(found.pop(name, "")).split()
        if words:
            tags = list(found.get("tags", ticket.tags))
            is_added = name == "current_tags"
            found["tags"] = with_tags(tags, words if is_added else [], [] if is_added else words)
    return found


def changes_of(macro: Record, who: User, filled: Callable[[str], str]) -> Json:
    """A macro's actions as a ticket's fields, for the agent who applies it."""
    found: Json = {"fields": {}}
    own = {
        ("assignee_id", "current_user"): who.id,
        ("group_id", "current_groups"): who.default_group_id,
    }
    for action in macro.values["actions"]:
        name, value = str(action.get("field", "")), action.get("value")
        value = own.get((name, str(value)), value)
        if name in COMMENTS:
            # A list holds the channel it is for, then the text.
            text = filled(str(value[-1] if isinstance(value, list) and value else value))
            plain = text_of_html(text) if name.endswith("html") else text
            scoped = [["channel:all", text]]
            found["comment"] = {"body": plain, "public": True, "scoped_body": scoped}
        elif name == "comment_mode_is_public":
            found.setdefault("comment", {"body": ""})["public"] = str(value).lower() == "true"
        elif name.startswith("custom_fields_"):
            found["fields"][name.removeprefix("custom_fields_")] = value
        elif name == "set_tags":
            found["tags"] = str(value).split()
        elif name.endswith("_id") and str(value).isdigit():
            found[name] = int(str(value))
        else:
            found[name] = value
    return found

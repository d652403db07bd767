"""Runs the triggers after each write of a ticket.

From top to bottom; a trigger that changed the ticket starts the list again, without those that
have fired. So each fires at most once a write.
"""

from collections import deque
from collections.abc import Callable

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.tickets.change import Change
from balie_sandbox.zendesk.tickets.model import PRIORITIES, STATUSES, TYPES, Via
from balie_sandbox.zendesk.tickets.tagging import with_tags
from balie_sandbox.zendesk.users.directory import Directory
from balie_sandbox.zendesk.users.model import User

from .conditions import CUSTOM_FIELD, trigger_holds
from .model import Action, Trigger
from .placeholders import fill
from .store import TriggerStore

#: (webhook id, body): hands a call over for delivery in the background.
CallWebhook = Callable[[str, str], None]

WORDS = {"status": STATUSES, "priority": PRIORITIES, "type": TYPES}
KEPT_MAILS = 1000
TAG_ACTIONS = ("set_tags", "current_tags", "remove_tags")


class TriggerEngine:
    """Knows the triggers and how to call a webhook."""

    def __init__(
        self, triggers: TriggerStore, directory: Directory, call: CallWebhook, base_url: str
    ) -> None:
        self._triggers = triggers
        self._directory = directory
        self._call = call
        self._base_url = base_url
        #: What the account would have mailed; the latest of them.
        self.mails: deque[Json] = deque(maxlen=KEPT_MAILS)

    def run(self, change: Change) -> None:
        fired: set[int] = set()
        while trigger := self._next(change, fired):
            fired.add(trigger.id)
            self._fire(trigger, change)

    def _next(self, change: Change, fired: set[int]) -> Trigger | None:
        for trigger in self._triggers.listed():
            if trigger.active and trigger.id not in fired and trigger_holds(trigger, change):
                return trigger
        return None

    def _fire(self, trigger: Trigger, change: Change) -> None:
        origin = {"id": trigger.id, "title": trigger.title, "deleted": False, "revision_id": 1}
        change.rule = Via("rule", "trigger", origin)
        for action in trigger.actions:
            self._act(action, change)
        change.rule = None

    def _act(self, action: Action, change: Change) -> None:
        name, value = action.field, action.value
        if name == "notification_webhook":
            body = fill(str(value[1]), change, self._directory, self._base_url)
            self._call(str(value[0]), body)
        elif name == "notification_user":
            self._notify(action, change)
        elif name in TAG_ACTIONS:
            change.set("tags", self._tags(action, change))
        elif name in WORDS:
            word = str(value).lower()
            if word in WORDS[name]:
                change.set(name, word)
        elif name.startswith(CUSTOM_FIELD):
            self._set_custom(action, change)
        else:
            change.set(name, self._person_or_group(action, change))

    def _tags(self, action: Action, change: Change) -> list[str]:
        named = fields.tag_list({"tags": action.value}, "tags") or []
        if action.field == "set_tags":
            return named
        if action.field == "current_tags":
            return with_tags(change.ticket.tags, named, [])
        return with_tags(change.ticket.tags, [], named)

    def _set_custom(self, action: Action, change: Change) -> None:
        key = action.field.removeprefix(CUSTOM_FIELD)
        if not key.isdigit():
            return
        old = change.ticket.custom_fields.get(int(key))
        change.ticket.custom_fields[int(key)] = action.value
        change.note(key, old, action.value)

    def _person_or_group(self, action: Action, change: Change) -> int | None:
        if action.value == "current_user":
            return change.actor.user.id
        value = str(action.value or "")
        return int(value) if value.isascii() and value.isdigit() else None

    def _notify(self, action: Action, change: Change) -> None:
        """A mail, of which only the audit's trace is kept."""
        value = action.value if isinstance(action.value, list) else [action.value]
        subject, body = ([str(one) for one in value[1:]] + ["", ""])[:2]
        recipients = self._recipients(str(value[0]), change)
        subject = fill(subject, change, self._directory, self._base_url)
        body = fill(body, change, self._directory, self._base_url)
        for user in recipients:
            # Who has no address gets no mail; the audit names them all the same.
            if user.email:
                mail = {"ticket_id": change.ticket.id, "to": user.email}
                self.mails.append(mail | {"subject": subject, "body": body})
        change.audit.events.append(
            {
                "id": change.new_id(),
                "type": "Notification",
                "via": change.rule.as_json() if change.rule else None,
                "subject": subject,
                "body": body,
                "recipients": [user.id for user in recipients],
            }
        )

    def _recipients(self, name: str, change: Change) -> list[User]:
        ticket = change.ticket
        named: dict[str, list[int | None]] = {
            "requester_id": [ticket.requester_id],
            "requester_and_ccs": [ticket.requester_id, *ticket.email_cc_ids],
            "assignee_id": [ticket.assignee_id],
            "current_user": [change.actor.user.id],
        }
        one = [int(name)] if name.isascii() and name.isdigit() else []
        found = [self._directory.find(key) for key in named.get(name, one)]
        return [user for user in found if user]

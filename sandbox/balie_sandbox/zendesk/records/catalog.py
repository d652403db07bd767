"""All simple records of an account, as they are after a reset."""

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import Json

from . import kinds
from .model import Kind, Records

WORKDAY_MINUTES = (9 * 60, 17 * 60)
DAY_MINUTES = 24 * 60
#: Title, type and whether the account needs it, of the fields that every ticket has.
SYSTEM_FIELDS = (
    ("Subject", "subject"),
    ("Description", "description"),
    ("Status", "status"),
    ("Type", "tickettype"),
    ("Priority", "priority"),
    ("Group", "group"),
    ("Assignee", "assignee"),
)
CATEGORIES = ("new", "open", "pending", "hold", "solved")
CATEGORY_LABELS = ("New", "Open", "Pending", "On-hold", "Solved")
MACROS: tuple[tuple[str, list[Json]], ...] = (
    (
        "Groet en afsluiten",
        [
            {
                "field": "comment_value",
                "value": "Graag gedaan, {{ticket.requester.name}}!",
            },
            {"field": "status", "value": "solved"},
        ],
    ),
    (
        "Ask for the order number",
        [
            {"field": "comment_value", "value": "Could you send us the order number?"},
            {"field": "status", "value": "pending"},
            {"field": "current_tags", "value": "order_number_asked"},
        ],
    ),
)


class Catalog:
    """One `Records` for each kind."""

    def __init__(self, source: ClockSource) -> None:
        self.organizations = Records(kinds.ORGANIZATIONS, source)
        self.organization_memberships = Records(kinds.ORGANIZATION_MEMBERSHIPS, source)
        self.groups = Records(kinds.GROUPS, source)
        self.group_memberships = Records(kinds.GROUP_MEMBERSHIPS, source)
        self.brands = Records(kinds.BRANDS, source)
        self.ticket_fields = Records(kinds.TICKET_FIELDS, source)
        self.ticket_forms = Records(kinds.TICKET_FORMS, source)
        self.user_fields = Records(kinds.USER_FIELDS, source)
        self.custom_statuses = Records(kinds.CUSTOM_STATUSES, source)
        self.macros = Records(kinds.MACROS, source)
        self.views = Records(kinds.VIEWS, source)
        self.schedules = Records(kinds.SCHEDULES, source)
        self.holidays = Records(kinds.HOLIDAYS, source)
        self.sla_policies = Records(kinds.SLA_POLICIES, source)
        self.articles = Records(kinds.ARTICLES, source)
        self.side_conversations = Records(kinds.SIDE_CONVERSATIONS, source)
        self.ratings = Records(kinds.SATISFACTION_RATINGS, source)
        self._by_path: dict[str, Records] = {one.kind.plural: one for one in vars(self).values()}
        self._fill()

    def of(self, kind: Kind) -> Records:
        """The records of a kind."""
        return self._by_path[kind.plural]

    def called(self, plural: str) -> Records | None:
        """The records of a kind by their path."""
        return self._by_path.get(plural)

    def _fill(self) -> None:
        self._fill_staff()
        for place, (title, kind) in enumerate(SYSTEM_FIELDS):
            key = defaults.TICKET_FORM_ID + 200 + place
            self.ticket_fields.create({"title": title, "type": kind, "position": place}, key)
        form: Json = {"name": "Default form", "display_name": "Default form", "default": True}
        form["ticket_field_ids"] = [one.id for one in self.ticket_fields]
        self.ticket_forms.create(form, defaults.TICKET_FORM_ID)
        for place, (word, label) in enumerate(zip(CATEGORIES, CATEGORY_LABELS, strict=True)):
            status = {"status_category": word, "agent_label": label, "end_user_label": label}
            key = defaults.FIRST_CUSTOM_STATUS_ID + place
            self.custom_statuses.create(status | {"default": True}, key)
        for title, actions in MACROS:
            self.macros.create({"title": title, "actions": actions})
        self._fill_views()
        self._fill_hours()

    def _fill_staff(self) -> None:
        group = {"name": defaults.GROUP_NAME, "default": True}
        self.groups.create(group, defaults.GROUP_ID)
        for agent in defaults.AGENTS:
            self.group_memberships.create({"user_id": agent[0], "group_id": defaults.GROUP_ID})
        brand: Json = {
            "name": defaults.BRAND_NAME,
            "subdomain": defaults.SUBDOMAIN,
            "brand_url": f"https://{defaults.SUBDOMAIN}.zendesk.com",
            "default": True,
            "ticket_form_ids": [defaults.TICKET_FORM_ID],
        }
        self.brands.create(brand, defaults.BRAND_ID)

    def _fill_views(self) -> None:
        unsolved = {"field": "status", "operator": "less_than", "value": "solved"}
        whatsapp = {"field": "current_tags", "operator": "includes", "value": defaults.BRIDGE_TAG}
        self.views.create({"title": "All unsolved tickets", "all": [unsolved]})
        self.views.create({"title": "Balie", "all": [unsolved, whatsapp]})

    def _fill_hours(self) -> None:
        """Monday to Friday; minutes since Sunday midnight."""
        days = range(1, 6)
        intervals = [
            {
                "start_time": day * DAY_MINUTES + WORKDAY_MINUTES[0],
                "end_time": day * DAY_MINUTES + WORKDAY_MINUTES[1],
            }
            for day in days
        ]
        self.schedules.create({"name": "Office hours", "intervals": intervals})

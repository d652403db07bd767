"""A call of every operation that the sandbox shares with the vendor's OpenAPI file.

A word in braces is an id of full_account.py's account. What a call removes or ends is there for
that call alone, so that each can be made by itself and in any order.
"""

import re
from typing import Any

READS = (
    "/attachments/{attachment}",
    "/brands",
    "/brands/{brand}",
    "/custom_statuses",
    "/custom_statuses/{custom_status}",
    "/deleted_tickets",
    "/deleted_users",
    "/deleted_users/{deleted_user}",
    "/group_memberships",
    "/group_memberships/{group_membership}",
    "/groups",
    "/groups/assignable",
    "/groups/{group}",
    "/groups/{group}/memberships",
    "/incremental/ticket_events?start_time=1",
    "/incremental/tickets?start_time=1",
    "/incremental/tickets/cursor?start_time=1",
    "/job_statuses/show_many?ids={job}",
    "/job_statuses/{job}",
    "/locales",
    "/macros",
    "/macros/active",
    "/macros/search?query=order",
    "/macros/{macro}",
    "/macros/{macro}/apply",
    "/organization_memberships",
    "/organization_memberships/{organization_membership}",
    "/organizations",
    "/organizations/autocomplete?name=ba",
    "/organizations/count",
    "/organizations/search?name=bakkerij",
    "/organizations/show_many?ids={organization}",
    "/organizations/{organization}",
    "/organizations/{organization}/related",
    "/satisfaction_ratings",
    "/satisfaction_ratings/{rating}",
    "/search?query=sanne",
    "/search?query=type:ticket",
    "/search/count?query=sanne",
    "/search/export?query=sanne&filter[type]=user",
    "/slas/policies",
    "/slas/policies/{sla_policy}",
    "/ticket_fields",
    "/ticket_fields/{ticket_field}",
    "/ticket_forms",
    "/ticket_forms/{ticket_form}",
    "/tickets",
    "/tickets/count",
    "/tickets/show_many?ids={ticket},{other_ticket}",
    "/tickets/{ticket}",
    "/tickets/{ticket}/audits",
    "/tickets/{ticket}/audits/{audit}",
    "/tickets/{other_ticket}/collaborators",
    "/tickets/{ticket}/comments",
    "/tickets/{ticket}/comments?include_inline_images=true",
    "/tickets/{ticket}/comments/count",
    "/tickets/{other_ticket}/email_ccs",
    "/tickets/{other_ticket}/followers",
    "/tickets/{ticket}/macros/{macro}/apply",
    "/tickets/{ticket}/related",
    "/tickets/{ticket}/tags",
    "/trigger_categories",
    "/triggers",
    "/triggers/active",
    "/triggers/search?query=notify",
    "/triggers/{trigger}",
    "/user_fields",
    "/user_fields/{user_field}",
    "/users",
    "/users/autocomplete?name=sa",
    "/users/count",
    "/users/me",
    "/users/search?query=sanne",
    "/users/show_many?ids={user}",
    "/users/{user}",
    "/users/{erased_user}/compliance_deletion_statuses",
    "/users/{agent}/group_memberships",
    "/users/{user}/identities",
    "/users/{user}/identities/{email}",
    "/users/{user}/related",
    "/users/{user}/tags",
    "/views",
    "/views/active",
    "/views/{view}",
    "/views/{view}/count",
    "/views/{view}/tickets",
)

CONDITIONS = {"all": [{"field": "status", "operator": "is", "value": "solved"}], "any": []}
ACTIONS = [{"field": "current_tags", "value": "y"}]
RULE = {"title": "T", "conditions": CONDITIONS, "actions": ACTIONS}
#: Of each kind of simple record: its path, its name, and what makes one.
RECORDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("brands", "brand", {"name": "Zon", "subdomain": "zon"}),
    ("custom_statuses", "custom_status", {"status_category": "open", "agent_label": "Bezig"}),
    ("groups", "group", {"name": "Avonddienst"}),
    ("group_memberships", "group_membership", {"user_id": "{agent}", "group_id": "{group}"}),
    ("macros", "macro", {"title": "M", "actions": [{"field": "status", "value": "open"}]}),
    ("organizations", "organization", {"name": "Bakkerij"}),
    (
        "organization_memberships",
        "organization_membership",
        {"user_id": "{user}", "organization_id": "{organization}"},
    ),
    ("slas/policies", "sla_policy", {"title": "Snel", "filter": {"all": [], "any": []}}),
    ("ticket_fields", "ticket_field", {"type": "text", "title": "Bezorgd"}),
    ("ticket_forms", "ticket_form", {"name": "WhatsApp"}),
    ("triggers", "trigger", RULE),
    ("user_fields", "user_field", {"type": "text", "title": "Nummer", "key": "number"}),
    ("views", "view", {"title": "V", "all": CONDITIONS["all"]}),
)
#: What nobody can change, and what nobody can remove.
UNCHANGED = ("group_memberships", "organization_memberships")
KEPT = ("custom_statuses",)

SAID = {"body": "y", "author_id": "{user}"}
IDENTITY = "/users/{user}/identities"
COMMENT = "/tickets/{ticket}/comments/{comment}"
WRITES: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "/attachments/{attachment}", {"attachment": {"malware_access_override": True}}),
    (
        "PUT",
        "/comment_redactions/{first_comment}",
        {"ticket_id": "{ticket}", "html_body": "<redact>Goedemiddag</redact>"},
    ),
    ("DELETE", "/deleted_tickets/destroy_many?ids={deleted_ticket_1}", None),
    ("PUT", "/deleted_tickets/restore_many?ids={deleted_ticket_2}", None),
    ("DELETE", "/deleted_tickets/{deleted_ticket_3}", None),
    ("PUT", "/deleted_tickets/{deleted_ticket_4}/restore", None),
    ("DELETE", "/deleted_users/{last_seen_user}", None),
    (
        "POST",
        "/imports/tickets",
        {"ticket": {"requester_id": "{user}", "comments": [{"value": "Oud"}]}},
    ),
    ("POST", "/organizations/create_or_update", {"organization": {"name": "Slager"}}),
    ("POST", "/tickets", {"ticket": {"requester_id": "{user}", "comment": SAID, "tags": ["x"]}}),
    ("POST", "/tickets?async=true", {"ticket": {"requester_id": "{user}", "comment": SAID}}),
    (
        "POST",
        "/tickets/create_many",
        {"tickets": [{"requester_id": "{user}", "comment": SAID}, {"requester_id": "{user}"}]},
    ),
    ("DELETE", "/tickets/destroy_many?ids={spare_ticket_1}", None),
    ("PUT", "/tickets/update_many?ids={ticket},9999", {"ticket": {"priority": "low"}}),
    ("DELETE", "/tickets/{spare_ticket_2}", None),
    ("PUT", "/tickets/{ticket}", {"ticket": {"comment": SAID, "type": "task", "tags": ["b"]}}),
    ("PUT", f"{COMMENT}/attachments/{{attachment}}/redact", None),
    ("PUT", f"{COMMENT}/make_private", None),
    ("PUT", f"{COMMENT}/redact", {"text": "geheim"}),
    ("POST", "/tickets/{ticket}/merge", {"ids": ["{spare_ticket_3}"]}),
    (
        "POST",
        "/tickets/{solved_ticket}/satisfaction_rating",
        {"satisfaction_rating": {"score": "good"}},
    ),
    ("POST", "/tickets/{ticket}/tags", {"tags": ["balie"]}),
    ("PUT", "/tickets/{ticket}/tags", {"tags": ["vip"]}),
    ("DELETE", "/tickets/{ticket}/tags", {"tags": ["vip"]}),
    ("POST", "/uploads?filename=a.json", {"any": "bytes"}),
    ("DELETE", "/uploads/{upload}", None),
    ("POST", "/users", {"user": {"name": "Eva", "phone": "+31655505678"}}),
    ("POST", "/users/create_many", {"users": [{"name": "Eva"}, {"name": ""}]}),
    ("POST", "/users/create_or_update", {"user": {"name": "Eva", "external_id": "wa:5"}}),
    ("POST", "/users/create_or_update", {"user": {"name": "Sanne", "external_id": "wa:1"}}),
    ("POST", "/users/create_or_update_many", {"users": [{"name": "E", "external_id": "wa:6"}]}),
    ("DELETE", "/users/destroy_many?ids={spare_user_1},9999", None),
    ("PUT", "/users/update_many", {"users": [{"id": "{user}", "notes": "x"}, {"id": 9999}]}),
    ("DELETE", "/users/{spare_user_2}", None),
    ("PUT", "/users/{user}", {"user": {"alias": "S."}}),
    ("PUT", "/users/{spare_user_3}/merge", {"user": {"id": "{user}"}}),
    ("POST", IDENTITY, {"identity": {"type": "email", "value": "s@example.com"}}),
    ("DELETE", f"{IDENTITY}/{{spare_email}}", None),
    ("PUT", f"{IDENTITY}/{{email}}", {"identity": {"value": "sanne.b@example.com"}}),
    ("PUT", f"{IDENTITY}/{{email}}/make_primary", None),
    ("PUT", f"{IDENTITY}/{{email}}/request_verification", None),
    ("PUT", f"{IDENTITY}/{{email}}/verify", None),
    ("POST", "/users/{user}/tags", {"tags": ["balie"]}),
    ("PUT", "/users/{user}/tags", {"tags": ["vip"]}),
    ("DELETE", "/users/{user}/tags", {"tags": ["vip"]}),
)


#: The one call that only a customer can make, and whose it is.
ON_BEHALF = {"/tickets/{solved_ticket}/satisfaction_rating": "rater@example.com"}


def calls() -> list[tuple[str, str, Any]]:
    """All of them: method, path under /api/v2, and body."""
    found = [("GET", path, None) for path in READS] + list(WRITES)
    for plural, name, data in RECORDS:
        found.append(("POST", f"/{plural}", {name: named(data, "3")}))
        if plural not in UNCHANGED:
            found.append(("PUT", f"/{plural}/{{{name}}}", {name: named(data, "4")}))
        if plural not in KEPT:
            found.append(("DELETE", f"/{plural}/{{spare_{name}}}", None))
    return found


def named(data: dict[str, Any], end: str) -> dict[str, Any]:
    """The same under a name of its own; names are unique."""
    own = {name: f"{data[name]}{end}" for name in ("name", "subdomain", "key") if name in data}
    return data | own


def filled(value: Any, ids: dict[str, Any]) -> Any:
    """A path or a body with the account's ids in it; what is an id alone stays a number."""
    if isinstance(value, dict):
        return {name: filled(one, ids) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, ids) for one in value]
    if not isinstance(value, str):
        return value
    alone = re.fullmatch(r"{(\w+)}", value)
    return ids[alone[1]] if alone else value.format_map(ids)

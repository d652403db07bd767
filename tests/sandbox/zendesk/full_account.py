"""An account with one of everything, for calls that need something to be called for."""

from typing import Any

from tests.sandbox.zendesk.every_call import RECORDS, filled, named


def fill(zendesk: Any, sandbox: Any) -> dict[str, Any]:
    """Make one of everything; the ids of what paths name. What starts with spare may be removed."""
    sandbox.control("zendesk/settings", {"search_lag_seconds": 0, "plan_limit": 10_000})
    ids = _people(zendesk)
    for plural, name, data in RECORDS:
        for key, end in ((name, "1"), (f"spare_{name}", "2")):
            body = filled({name: named(data, end)}, ids)
            ids[key] = zendesk.done("POST", f"/{plural}", body)[name]["id"]
    ids |= _tickets(zendesk, sandbox, ids)
    ids |= _ratings(zendesk, sandbox)
    return ids


def _people(zendesk: Any) -> dict[str, Any]:
    user = zendesk.user(phone="+31655501234", external_id="wa:1", email="sanne@example.com")["id"]
    path = f"/users/{user}/identities"
    spare = {"identity": {"type": "email", "value": "oud@example.com"}}
    ids = {
        "user": user,
        "agent": zendesk.done("GET", "/users/me")["user"]["id"],
        "email": zendesk.done("GET", f"{path}?type[]=email")["identities"][0]["id"],
        "spare_email": zendesk.done("POST", path, spare)["identity"]["id"],
    }
    gone = ("deleted_user", "last_seen_user", "erased_user")
    for name in ("spare_user_1", "spare_user_2", "spare_user_3", *gone):
        ids[name] = zendesk.user(name)["id"]
    for name in gone:
        zendesk.done("DELETE", f"/users/{ids[name]}")
    zendesk.done("DELETE", f"/deleted_users/{ids['erased_user']}")
    return ids


def _tickets(zendesk: Any, sandbox: Any, ids: dict[str, Any]) -> dict[str, Any]:
    fields = [{"id": ids["ticket_field"], "value": "x"}]
    ticket = zendesk.ticket(requester_id=ids["user"], tags=["balie"], custom_fields=fields)["id"]
    file = {"name": "a.png", "content_type": "image/png", "text": "x"}
    said = {"body": "Dat is geheim", "files": [file]}
    comment = sandbox.control(f"zendesk/tickets/{ticket}/comments", said)["comment"]
    first, _ = zendesk.done("GET", f"/tickets/{ticket}/comments")["comments"]
    cc = [{"user_email": "buur@example.com"}]
    made = {
        "ticket": ticket,
        "comment": comment["id"],
        "first_comment": first["id"],
        "attachment": comment["attachments"][0]["id"],
        "audit": zendesk.done("GET", f"/tickets/{ticket}/audits")["audits"][0]["id"],
        "other_ticket": zendesk.ticket(requester_id=ids["user"], email_ccs=cc)["id"],
        "upload": zendesk.done("POST", "/uploads?filename=a.json", {})["upload"]["token"],
    }
    deleted = [f"deleted_ticket_{number}" for number in range(1, 5)]
    for name in ("spare_ticket_1", "spare_ticket_2", "spare_ticket_3", *deleted):
        made[name] = zendesk.ticket(requester_id=ids["user"])["id"]
    for name in deleted:
        zendesk.done("DELETE", f"/tickets/{made[name]}")
    body = {"tickets": [{"id": ticket, "priority": "high"}]}
    made["job"] = zendesk.done("PUT", "/tickets/update_many", body)["job_status"]["id"]
    return made


def _ratings(zendesk: Any, sandbox: Any) -> dict[str, Any]:
    """One ticket rated, and one that its requester may still rate."""
    rater = zendesk.user("Rater", email="rater@example.com", verified=True)["id"]
    tickets = [zendesk.ticket(requester_id=rater)["id"] for _ in range(2)]
    for ticket in tickets:
        sandbox.control(f"zendesk/tickets/{ticket}/status", {"status": "solved"})
    sandbox.control(f"zendesk/tickets/{tickets[0]}/rating", {"score": "good"})
    [rating] = zendesk.done("GET", "/satisfaction_ratings")["satisfaction_ratings"]
    return {"solved_ticket": tickets[1], "rating": rating["id"]}

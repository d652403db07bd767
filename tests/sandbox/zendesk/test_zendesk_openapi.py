"""Answers against the vendor's own OpenAPI file."""

from pathlib import Path

import pytest
import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

SOURCE = (
    Path(__file__).parents[4] / "shared/fixtures/zendesk/openapi/zendesk_support_oas_2024-03.yaml"
)
pytestmark = pytest.mark.skipif(
    not SOURCE.exists(), reason="the shared fixtures are not beside this repo"
)


class Loader(yaml.CSafeLoader):
    """The file has a bare "=", which YAML 1.1 has no text for."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


@pytest.fixture(scope="module")
def complaints():
    """(schema name, answer) to what the vendor's schema says against it."""
    with SOURCE.open() as file:
        document = yaml.load(file, Loader)
    registry = Registry().with_resource("urn:zendesk", Resource(document, DRAFT4))

    def check(name, sent):
        answer = without_nulls(sent)
        schema = {"$ref": f"urn:zendesk#/components/schemas/{name}"}
        validator = OAS30Validator(schema, registry=registry)
        return [
            f"{list(one.path)}: {one.message}"
            for one in validator.iter_errors(answer)
            if not is_null(sent, one)
        ]

    return check


def is_null(sent, error):
    """Whether what is said to be missing is there, and null."""
    if error.validator != "required":
        return False
    place = sent
    for key in error.path:
        place = place[key]
    missing = [key for key in error.validator_value if place.get(key, 0) is None]
    return any(f"'{key}'" in error.message for key in missing)


def without_nulls(value):
    """The file calls fields not nullable that recorded traffic shows as null."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def full_account(zendesk, sandbox):
    return fill(zendesk, sandbox)


@pytest.fixture(scope="module")
def read_account(sandbox_process, make_client):
    """A client and the ids of an account that is only read; for the tests before any reset."""
    sandbox_process.control("reset")
    client = make_client(sandbox_process)
    return client, fill(client, sandbox_process)


def fill(zendesk, sandbox):
    """Make one of everything; the ids of what the paths name."""
    sandbox.control("zendesk/settings", {"search_lag_seconds": 0, "plan_limit": 10_000})
    made = {"organization": create(zendesk, "organizations", {"name": "Bakkerij"})}
    user = zendesk.user(
        phone="+31655501234",
        external_id="wa:1",
        email="sanne@example.com",
        organization_id=made["organization"],
    )
    fields = [{"id": 5, "value": "x"}]
    ticket = zendesk.ticket(requester_id=user["id"], tags=["balie"], custom_fields=fields)
    zendesk.update(1, status="open", priority="high", comment={"body": "x", "public": False})
    action = {"field": "current_tags", "value": "y"}
    condition = {"field": "status", "operator": "is", "value": "solved"}
    body = {"title": "T", "conditions": {"all": [condition], "any": []}, "actions": [action]}
    made["trigger"] = create(zendesk, "triggers", body)
    file = {"name": "a.png", "content_type": "image/png", "text": "x"}
    said = {"body": "y", "files": [file]}
    comment = sandbox.control("zendesk/tickets/1/comments", said)["comment"]
    made |= {"user": user["id"], "ticket": ticket["id"], "comment": comment["id"]}
    made["attachment"] = comment["attachments"][0]["id"]
    join = {"user_id": user["id"], "organization_id": made["organization"]}
    create(zendesk, "organization_memberships", join)
    create(zendesk, "user_fields", {"type": "text", "title": "Nummer", "key": "number"})
    made["field"] = create(zendesk, "ticket_fields", {"type": "text", "title": "Bezorgd"})
    create(zendesk, "slas/policies", {"title": "Snel", "filter": {"all": [], "any": []}})
    made["deleted_user"] = zendesk.user("Weg")["id"]
    zendesk.done("DELETE", f"/users/{made['deleted_user']}")
    zendesk.ticket(requester_id=user["id"], email_ccs=[{"user_email": "buur@example.com"}])
    zendesk.ticket(requester_id=user["id"])
    zendesk.call("DELETE", "/tickets/3")
    sandbox.control("zendesk/tickets/1/status", {"status": "solved"})
    sandbox.control("zendesk/tickets/1/rating", {"score": "good"})
    made["view"] = zendesk.done("GET", "/views")["views"][0]["id"]
    made["macro"] = zendesk.done("GET", "/macros")["macros"][0]["id"]
    made["group"] = zendesk.done("GET", "/groups")["groups"][0]["id"]
    return made


SINGULAR = {"slas/policies": "sla_policy"}


def create(zendesk, plural, body):
    """The id of a new record."""
    name = SINGULAR.get(plural, plural.removesuffix("s"))
    return zendesk.done("POST", f"/{plural}", {name: body})[name]["id"]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/users/me", "CurrentUserResponse"),
        ("/users", "UsersResponse"),
        ("/users/{user}", "UserResponse"),
        ("/users/{user}/identities", "UserIdentitiesResponse"),
        ("/users/search?query=sanne", "UsersResponse"),
        ("/search?query=type:ticket", "SearchResponse"),
        ("/tickets", "TicketsResponse"),
        ("/tickets/{ticket}", "TicketResponse"),
        ("/tickets/{ticket}/comments", "TicketCommentsResponse"),
        ("/tickets/{ticket}/audits", "TicketAuditsResponseNoneCursor"),
        ("/tickets/{ticket}/tags", "TagsByObjectIdResponse"),
        ("/incremental/ticket_events?start_time=1", "ExportIncrementalTicketEventsResponse"),
        ("/incremental/tickets?start_time=1", "TimeBasedExportIncrementalTicketsResponse"),
        ("/incremental/tickets/cursor?start_time=1", "CursorBasedExportIncrementalTicketsResponse"),
        ("/tickets/{ticket}/comments?include_inline_images=true", "TicketCommentsResponse"),
        ("/tickets/{ticket}/comments/count", "TicketCommentsCountResponse"),
        ("/tickets/2/email_ccs", "ListTicketEmailCCsResponse"),
        ("/tickets/2/collaborators", "ListTicketCollaboratorsResponse"),
        ("/tickets/2/followers", "ListTicketFollowersResponse"),
        ("/tickets/{ticket}/related", "TicketRelatedInformation"),
        ("/tickets/{ticket}/macros/{macro}/apply", "MacroApplyTicketResponse"),
        ("/attachments/{attachment}", "AttachmentResponse"),
        ("/deleted_tickets", "ListDeletedTicketsResponse"),
        ("/search/export?query=sanne&filter[type]=user", "SearchExportResponse"),
        ("/search/count?query=sanne", "SearchCountResponse"),
        ("/users/{user}/related", "UserRelatedResponse"),
        ("/users/count", "CountResponse"),
        ("/users/autocomplete?name=sa", "UsersResponse"),
        ("/users/show_many?ids={user}", "UsersResponse"),
        ("/deleted_users", "DeletedUsersResponse"),
        ("/deleted_users/{deleted_user}", "DeletedUserResponse"),
        ("/organizations", "OrganizationsResponse"),
        ("/organizations/{organization}", "OrganizationResponse"),
        ("/organizations/{organization}/related", "OrganizationsRelatedResponse"),
        ("/organizations/count", "CountOrganizationResponse"),
        ("/organization_memberships", "OrganizationMembershipsResponse"),
        ("/users/{user}/tags", "TagsByObjectIdResponse"),
        ("/user_fields", "UserFieldsResponse"),
        ("/ticket_fields", "TicketFieldsResponse"),
        ("/ticket_fields/{field}", "TicketFieldResponse"),
        ("/ticket_forms", "TicketFormsResponse"),
        ("/custom_statuses", "CustomStatusesResponse"),
        ("/macros", "MacrosResponse"),
        ("/macros/active", "MacrosResponse"),
        ("/macros/{macro}", "MacroResponse"),
        ("/macros/{macro}/apply", "MacroApplyTicketResponse"),
        ("/views", "ViewsResponse"),
        ("/views/{view}", "ViewResponse"),
        ("/views/{view}/tickets", "TicketsResponse"),
        ("/views/{view}/count", "ViewCountResponse"),
        ("/satisfaction_ratings", "SatisfactionRatingsResponse"),
        ("/slas/policies", "SLAPoliciesResponse"),
        ("/locales", "LocalesResponse"),
        ("/groups/assignable", "GroupsResponse"),
        ("/groups/{group}", "GroupResponse"),
        ("/group_memberships", "GroupMembershipsResponse"),
        ("/triggers", "TriggersResponse"),
        ("/triggers/{trigger}", "TriggerResponse"),
        ("/triggers/search?query=notify", "TriggersResponse"),
        ("/trigger_categories", "TriggerCategoriesResponse"),
        ("/groups", "GroupsResponse"),
        ("/brands", "BrandsResponse"),
    ],
)
def test_answer_fits_the_vendors_schema(read_account, complaints, path, schema):
    zendesk, ids = read_account
    answer = zendesk.done("GET", path.format(**ids))

    assert complaints(schema, answer) == []


def test_written_ticket_fits_the_vendors_schema(zendesk, full_account, complaints):
    _, answer = zendesk.update(full_account["ticket"], comment={"body": "y"}, type="task")

    assert complaints("TicketUpdateResponse", answer) == []


def test_upload_and_redactions_fit_the_vendors_schema(zendesk, full_account, complaints):
    headers = {"Authorization": f"Bearer {zendesk.token}", "Content-Type": "text/plain"}
    url = f"{zendesk.base}/api/v2/uploads?filename=a.txt"
    sent = zendesk.session.post(url, data=b"hallo", headers=headers, timeout=15).json()
    path = "/tickets/2/comments"
    zendesk.update(2, comment={"body": "geheim", "uploads": [sent["upload"]["token"]]})
    comment = zendesk.done("GET", path)["comments"][1]
    file_id = comment["attachments"][0]["id"]
    redact = {"ticket_id": 2, "html_body": "<redact>geheim</redact>"}

    seen = {
        "AttachmentUploadResponse": sent,
        "AttachmentResponse": zendesk.done(
            "PUT", f"{path}/{comment['id']}/attachments/{file_id}/redact"
        ),
        "TicketCommentResponse": zendesk.done(
            "PUT", f"/comment_redactions/{comment['id']}", redact
        ),
    }

    assert [complaints(name, answer) for name, answer in seen.items()] == [[], [], []]


def test_jobs_and_deletions_fit_the_vendors_schema(zendesk, full_account, complaints):
    queued = zendesk.done("POST", "/tickets/1/merge", {"ids": [2]})
    shown = zendesk.done("GET", f"/job_statuses/{queued['job_status']['id']}")
    gone = zendesk.done("DELETE", f"/deleted_users/{full_account['deleted_user']}")
    path = f"/users/{full_account['deleted_user']}/compliance_deletion_statuses"
    steps = zendesk.done("GET", path)

    assert complaints("JobStatusResponse", queued) == []
    assert complaints("JobStatusResponse", shown) == []
    assert complaints("DeletedUserResponse", gone) == []
    assert complaints("ComplianceDeletionStatusesResponse", steps) == []


def test_created_records_fit_the_vendors_schema(zendesk, complaints):
    user = zendesk.user()["id"]
    status = {"status_category": "open", "agent_label": "Bezig"}
    label = [{"field": "status", "value": "open"}]
    answers = {
        "OrganizationResponse": ("organizations", {"organization": {"name": "Zon"}}),
        "CustomStatusResponse": ("custom_statuses", {"custom_status": status}),
        "TicketFormResponse": ("ticket_forms", {"ticket_form": {"name": "WhatsApp"}}),
        "GroupResponse": ("groups", {"group": {"name": "Avonddienst"}}),
        "MacroResponse": ("macros", {"macro": {"title": "M", "actions": label}}),
        "ViewResponse": ("views", {"view": {"title": "V", "all": []}}),
        "UserIdentityResponse": (
            f"users/{user}/identities",
            {"identity": {"type": "email", "value": "s@example.com"}},
        ),
    }

    for schema, (path, body) in answers.items():
        assert complaints(schema, zendesk.done("POST", f"/{path}", body)) == []

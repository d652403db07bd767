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
        return [f"{list(one.path)}: {one.message}" for one in validator.iter_errors(answer)]

    return check


def without_nulls(value):
    """The file calls fields not nullable that recorded traffic shows as null."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def full_account(zendesk, settings):
    """One of everything."""
    settings(search_lag_seconds=0, incremental_lag_seconds=0)
    user = zendesk.user(phone="+31655501234", external_id="wa:1", email="sanne@example.com")
    fields = [{"id": 5, "value": "x"}]
    ticket = zendesk.ticket(requester_id=user["id"], tags=["balie"], custom_fields=fields)
    zendesk.update(1, status="open", priority="high", comment={"body": "x", "public": False})
    action = {"field": "current_tags", "value": "y"}
    condition = {"field": "status", "operator": "is", "value": "solved"}
    body = {"title": "T", "conditions": {"all": [condition], "any": []}, "actions": [action]}
    zendesk.done("POST", "/triggers", {"trigger": body})
    return {"user": user["id"], "ticket": ticket["id"]}


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
        ("/triggers", "TriggersResponse"),
        ("/trigger_categories", "TriggerCategoriesResponse"),
        ("/groups", "GroupsResponse"),
        ("/brands", "BrandsResponse"),
    ],
)
def test_answer_fits_the_vendors_schema(zendesk, full_account, complaints, path, schema):
    answer = zendesk.done("GET", path.format(**full_account))

    assert complaints(schema, answer) == []


def test_written_ticket_fits_the_vendors_schema(zendesk, full_account, complaints):
    _, answer = zendesk.update(full_account["ticket"], comment={"body": "y"}, type="task")

    assert complaints("TicketUpdateResponse", answer) == []

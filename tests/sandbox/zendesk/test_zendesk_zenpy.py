"""The sandbox seen through zenpy, a client nobody here wrote."""

import pytest
from zenpy.lib.api_objects import Comment, CustomField, Identity, Ticket, Trigger, User, Webhook
from zenpy.lib.exception import APIException, RecordNotFoundException


def test_zenpy_users_are_made_found_changed_and_deleted(zenpy_client, sandbox):
    made = zenpy_client.users.create(
        User(name="Karim", phone="06-5550 1299", external_id="wa:31655501299")
    )

    assert (made.role, made.verified, made.phone) == ("end-user", False, "06-5550 1299")
    assert zenpy_client.users(id=made.id).name == "Karim"
    assert [u.id for u in zenpy_client.users.search(external_id="WA:31655501299")] == [made.id]
    assert list(zenpy_client.search("phone:*55501299", type="user")) == []
    sandbox.control("clock", {"advance": 61})
    assert [u.id for u in zenpy_client.search("phone:*55501299", type="user")] == [made.id]
    again = zenpy_client.users.create_or_update(User(name="Karim B", external_id="wa:31655501299"))
    assert (again.id, again.name) == (made.id, "Karim B")
    made.name = "Karim Bakker"
    assert zenpy_client.users.update(made).name == "Karim Bakker"
    assert zenpy_client.users.delete(made) is not None
    assert zenpy_client.users(id=made.id).active is False


def test_zenpy_me_is_the_admin_who_owns_the_client(zenpy_client):
    me = zenpy_client.users.me()

    assert (me.role, me.email) == ("admin", "bridge@example.com")


def test_zenpy_identities_show_the_direct_line(zenpy_client):
    user = zenpy_client.users.create(User(name="Eva", phone="+31655501277"))
    added = zenpy_client.users.identities.create(
        user, Identity(type="email", value="eva@example.com")
    )

    found = list(zenpy_client.users.identities(id=user.id))

    assert [(one.type, one.value) for one in found] == [
        ("phone_number", "+31655501277"),
        ("email", "eva@example.com"),
    ]
    assert zenpy_client.users.identities.show(user, added).verified is False


def test_zenpy_ticket_lives_from_creation_to_closing(zenpy_client, sandbox):
    customer = zenpy_client.users.create(User(name="Sanne"))
    audit = zenpy_client.tickets.create(
        Ticket(
            subject="WhatsApp: Sanne",
            requester_id=customer.id,
            external_id="conv:1",
            tags=["balie"],
            custom_fields=[CustomField(id=360001, value="whatsapp")],
            comment=Comment(body="Waar blijft het?", author_id=customer.id, public=True),
        )
    )
    ticket = audit.ticket

    assert (ticket.id, ticket.status, ticket.submitter_id) == (1, "new", customer.id)
    ticket.status = "open"
    ticket.comment = Comment(body="En nu?", author_id=customer.id, public=True)
    updated = zenpy_client.tickets.update(ticket)
    comment_ids = [one["id"] for one in updated.audit.events if one["type"] == "Comment"]
    sandbox.control("zendesk/tickets/1/comments", {"body": "Morgen!", "agent": "Daan"})
    comments = list(zenpy_client.tickets.comments(ticket=ticket.id))
    assert [(one.body, one.author.name, one.via.channel) for one in comments] == [
        ("Waar blijft het?", "Sanne", "api"),
        ("En nu?", "Sanne", "api"),
        ("Morgen!", "Daan", "web"),
    ]
    assert [comments[1].id] == comment_ids
    assert [one.id for one in zenpy_client.tickets(external_id="conv:1")] == [1]
    assert len(list(zenpy_client.tickets.audits(ticket=ticket.id))) == 3
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})
    with pytest.raises(APIException, match="closed prevents ticket update"):
        zenpy_client.tickets.update(Ticket(id=1, status="open"))


def test_zenpy_tags_are_added_set_and_removed(zenpy_client, zendesk):
    ticket_id = zendesk.ticket(tags=["balie"])["id"]

    zenpy_client.tickets.add_tags(ticket_id, ["vip"])
    assert [str(tag) for tag in zenpy_client.tickets.tags(ticket_id)] == ["balie", "vip"]
    zenpy_client.tickets.delete_tags(ticket_id, ["balie"])
    assert [str(tag) for tag in zenpy_client.tickets.tags(ticket_id)] == ["vip"]
    zenpy_client.tickets.set_tags(ticket_id, ["one", "two"])
    assert zenpy_client.tickets(id=ticket_id).tags == ["one", "two"]


def test_zenpy_search_pages_through_more_than_a_hundred(zenpy_client, zendesk, settings):
    settings(search_lag_seconds=0)
    requester = zendesk.user()["id"]
    made = [zendesk.ticket(requester_id=requester)["id"] for _ in range(101)]

    found = zenpy_client.search(
        type="ticket", status_less_than="closed", sort_by="created_at", sort_order="asc"
    )

    assert sorted(ticket.id for ticket in found) == made
    assert found.count == 101


def test_zenpy_unknown_ticket_is_not_found(zenpy_client):
    with pytest.raises(RecordNotFoundException):
        zenpy_client.tickets(id=404)


def test_zenpy_uploads_a_file_and_gets_it_back(zenpy_client, zendesk, sandbox, settings, tmp_path):
    other_host = sandbox.url.replace("127.0.0.1", "localhost")
    settings(file_host=f"{other_host}/zendesk")
    sent = tmp_path / "brief.txt"
    sent.write_bytes(b"Geachte mevrouw")
    ticket_id = zendesk.ticket()["id"]
    upload = zenpy_client.attachments.upload(str(sent), content_type="text/plain")
    comment = Comment(body="Zie bijlage", public=False, uploads=[upload.token])
    zenpy_client.tickets.update(Ticket(id=ticket_id, comment=comment))

    said = list(zenpy_client.tickets.comments(ticket=ticket_id))[1]
    found = zenpy_client.attachments(id=said.attachments[0].id)
    assert (found.file_name, found.content_type, found.size) == ("brief.txt", "text/plain", 15)
    got = zenpy_client.attachments.download(found.id, str(tmp_path / "back.txt"))
    assert (tmp_path / "back.txt").read_bytes() == sent.read_bytes(), got


def test_zenpy_merges_tickets_and_users_and_waits_for_the_job(zenpy_client, zendesk):
    first, second = zendesk.ticket(), zendesk.ticket()

    job = zenpy_client.tickets.merge(target=second["id"], source=[first["id"]])
    assert zenpy_client.job_status(id=job.id).status == "completed"
    assert zenpy_client.tickets(id=first["id"]).status == "closed"
    target = zenpy_client.users.merge(
        source_user=first["requester_id"], dest_user=second["requester_id"]
    )
    assert target.id == second["requester_id"]
    assert zenpy_client.users(id=first["requester_id"]).active is False


def test_zenpy_macros_fields_and_organizations_are_read(zenpy_client, zendesk):
    body = {"organization": {"name": "Bakkerij De Zon"}}
    organization = zendesk.done("POST", "/organizations", body)["organization"]
    user = zendesk.user(organization_id=organization["id"])
    ticket = zendesk.ticket(requester_id=user["id"])
    macro = next(iter(zenpy_client.macros()))

    result = zenpy_client.tickets.show_macro_effect(ticket["id"], macro)

    assert result.ticket.status == "solved"
    assert zenpy_client.users(id=user["id"]).organization.name == "Bakkerij De Zon"
    assert next(one.title for one in zenpy_client.ticket_fields()) == "Subject"
    assert [one.name for one in zenpy_client.groups()] == ["Support"]


def test_zenpy_webhooks_and_triggers_are_managed(zenpy_client):
    webhook = zenpy_client.webhooks.create(
        Webhook(
            name="Bridge",
            endpoint="http://127.0.0.1:9/hook",
            http_method="POST",
            request_format="json",
            status="active",
            subscriptions=["conditional_ticket_events"],
        )
    )
    trigger = zenpy_client.triggers.create(
        Trigger(
            title="Replies",
            conditions={"all": [{"field": "role", "operator": "is", "value": "agent"}], "any": []},
            actions=[{"field": "notification_webhook", "value": [webhook.id, "{}"]}],
        )
    )

    secret = zenpy_client.webhooks.show_secret(webhook)
    assert (len(webhook.id), secret.algorithm) == (26, "SHA256")
    assert zenpy_client.webhooks.reset_secret(webhook).secret != secret.secret
    webhook.name = "Renamed"
    zenpy_client.webhooks.patch(webhook)
    assert zenpy_client.webhooks(id=webhook.id).name == "Renamed"
    assert [one.title for one in zenpy_client.triggers()][2:] == ["Replies"]
    zenpy_client.triggers.delete(trigger)
    zenpy_client.webhooks.delete(webhook)
    assert len(list(zenpy_client.triggers())) == 2
    assert list(zenpy_client.webhooks.list()) == []

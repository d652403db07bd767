"""Uploads, attachments and redactions."""

import base64

import pytest
import requests

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def upload(zendesk):
    """(name, bytes, type, token) to the answer."""

    def send(name="kaart.png", data=PNG, content_type="image/png", token=None):
        return zendesk.session.post(
            f"{zendesk.base}/api/v2/uploads.json",
            params={"filename": name} | ({"token": token} if token else {}),
            data=data,
            headers={"Authorization": f"Bearer {zendesk.token}", "Content-Type": content_type},
            timeout=15,
        )

    return send


@pytest.fixture
def attached(zendesk, upload):
    """A ticket whose first comment has a file; gives the attachment."""
    user = zendesk.user()["id"]
    token = upload().json()["upload"]["token"]
    said = {"body": "Zie foto", "author_id": user, "uploads": [token]}
    zendesk.ticket(requester_id=user, comment=said)
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    return comment["attachments"][0]


def test_upload_is_attached_to_the_comment_that_names_its_token(zendesk, upload, attached):
    assert (attached["file_name"], attached["content_type"]) == ("kaart.png", "image/png")
    assert (attached["size"], attached["inline"]) == (len(PNG), False)
    [audit] = zendesk.done("GET", "/tickets/1/audits")["audits"]
    assert audit["events"][0]["attachments"] == [attached]


def test_upload_token_takes_more_files_until_it_ends(upload, sandbox, settings):
    settings(upload_token_seconds=60)
    first = upload().json()["upload"]
    second = upload("brief.pdf", b"%PDF", "application/pdf", first["token"])

    found = second.json()["upload"]
    names = [one["file_name"] for one in found["attachments"]]
    assert (second.status_code, names) == (201, ["kaart.png", "brief.pdf"])
    assert found["attachment"]["content_type"] == "application/pdf"
    sandbox.control("clock", {"advance": 60})
    assert upload(token=first["token"]).status_code == 422


def test_upload_token_is_good_for_one_comment(zendesk, upload, attached):
    token = upload().json()["upload"]["token"]
    comment = {"body": "x", "uploads": token}

    assert zendesk.update(1, comment=comment)[0] == 200
    status, refused = zendesk.update(1, comment=comment)
    assert (status, list(refused["details"])) == (422, ["uploads"])


def test_upload_deleted_is_gone(zendesk, upload):
    token = upload().json()["upload"]["token"]

    assert zendesk.call("DELETE", f"/uploads/{token}") == (204, None)
    assert zendesk.call("DELETE", f"/uploads/{token}")[0] == 404


def test_upload_too_large_or_of_a_refused_type_is_refused(upload, settings):
    settings(max_upload_bytes=100, refused_content_types="text/html, application/x-sh")

    assert upload(data=bytes(101)).status_code == 413
    refused = upload("x.html", b"<b>", "text/html")
    assert (refused.status_code, refused.json()) == (
        422,
        {
            "error": "AttachmentUnprocessable",
            "description": "Attachment file could not be processed.",
        },
    )


def test_upload_without_a_name_is_refused(zendesk):
    assert zendesk.call("POST", "/uploads")[0] == 400


def test_attachment_redirects_to_a_store_that_refuses_authorization(zendesk, attached, sandbox):
    headers = {"Authorization": f"Bearer {zendesk.token}"}
    url = attached["content_url"]

    found = sandbox.session.get(url, headers=headers, timeout=15, allow_redirects=False)

    place = found.headers["Location"]
    assert (found.status_code, "/zdusercontent/" in place) == (302, True)
    assert sandbox.session.get(place, headers=headers, timeout=15).status_code == 403
    content = sandbox.session.get(place, timeout=15)
    assert (content.content, content.headers["Content-Type"]) == (PNG, "image/png")
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert sandbox.session.get(f"{place}0", timeout=15).status_code == 403
    sandbox.control("clock", {"advance": 601})
    assert sandbox.session.get(place, timeout=15).status_code == 403


def test_attachment_of_a_private_account_asks_who_calls(zendesk, attached, settings, sandbox):
    settings(private_attachments=True)

    assert sandbox.session.get(attached["content_url"], timeout=15).status_code == 401
    other_host = sandbox.url.replace("127.0.0.1", "localhost")
    settings(file_host=f"{other_host}/zendesk")
    headers = {"Authorization": f"Bearer {zendesk.token}"}
    # requests drops the header by itself where the host changes.
    with requests.Session() as session:
        found = session.get(attached["content_url"], headers=headers, timeout=15)
    assert found.content == PNG


def test_malware_blocks_the_file_until_an_admin_allows_it(zendesk, attached, sandbox):
    path = f"/attachments/{attached['id']}"
    shown = zendesk.done("GET", path)["attachment"]
    assert shown["malware_scan_result"] == "not_scanned"
    sandbox.control(
        f"zendesk/attachments/{attached['id']}", {"malware_scan_result": "malware_found"}
    )

    assert sandbox.session.get(attached["content_url"], timeout=15).status_code == 403
    allowed = {"attachment": {"malware_access_override": True}}
    shown = zendesk.done("PUT", path, allowed)["attachment"]
    assert shown["malware_scan_result"] == "malware_found"
    assert sandbox.session.get(attached["content_url"], timeout=15).content == PNG


def test_malware_scan_ends_after_its_seconds(zendesk, attached, sandbox):
    sandbox.control("clock", {"advance": 5})

    shown = zendesk.done("GET", f"/attachments/{attached['id']}")["attachment"]
    assert shown["malware_scan_result"] == "malware_not_found"


def test_inline_image_of_an_agent_is_an_attachment_only_when_asked_for(zendesk, attached, sandbox):
    image = {"name": "pijl.png", "content_type": "image/png", "inline": True}
    image["base64"] = base64.b64encode(PNG).decode()
    sandbox.control("zendesk/tickets/1/comments", {"body": "Hier:", "files": [image]})

    plain = zendesk.done("GET", "/tickets/1/comments")["comments"][1]
    whole = zendesk.done("GET", "/tickets/1/comments?include_inline_images=true")["comments"][1]
    assert plain["attachments"] == []
    [found] = whole["attachments"]
    assert (found["file_name"], found["inline"]) == ("pijl.png", True)
    assert f'<img src="{found["content_url"]}"' in plain["html_body"]
    assert plain["plain_body"] == "Hier:"


def test_agent_sends_a_file_without_words(zendesk, attached, sandbox):
    file = {"name": "a.txt", "content_type": "text/plain", "text": "hallo"}
    sandbox.control("zendesk/tickets/1/comments", {"files": [file]})

    comment = zendesk.done("GET", "/tickets/1/comments")["comments"][1]
    assert (comment["body"], len(comment["attachments"])) == ("", 1)


def test_comment_is_redacted_word_by_word(zendesk):
    user = zendesk.user()["id"]
    said = {"body": "Mijn BSN is <123456782>!", "author_id": user}
    zendesk.ticket(requester_id=user, comment=said)
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    path = f"/tickets/1/comments/{comment['id']}/redact"

    shown = zendesk.done("PUT", path, {"text": "<123456782>"})["comment"]

    assert shown["plain_body"] == f"Mijn BSN is {'▇' * 11}!"
    assert "123456782" not in shown["html_body"]
    assert zendesk.done("GET", "/tickets/1")["ticket"]["description"] == shown["body"]
    audits = zendesk.done("GET", "/tickets/1/audits")["audits"]
    assert "123456782" not in str(audits)
    assert audits[1]["events"][0]["type"] == "CommentRedactionEvent"
    assert zendesk.call("PUT", path, {"text": "elders"})[0] == 422


def test_comment_of_a_closed_ticket_is_redacted_by_its_html(zendesk, attached, sandbox):
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})
    sent = {
        "ticket_id": 1,
        "html_body": "<p>Zie <b><redact>foto</redact></b><img src='x' redact></p>",
        "external_attachment_urls": [attached["content_url"]],
    }

    shown = zendesk.done("PUT", f"/comment_redactions/{comment['id']}", sent)["comment"]

    assert shown["html_body"].endswith("<p>Zie <b>▇▇▇▇</b></p></div>")
    assert shown["plain_body"] == "Zie ▇▇▇▇"
    [file] = shown["attachments"]
    assert (file["file_name"], file["size"]) == ("redacted.txt", 0)
    old = f"/tickets/1/comments/{comment['id']}/redact"
    assert zendesk.call("PUT", old, {"text": "Zie"})[0] == 422


def test_attachment_redacted_leaves_an_empty_text(zendesk, attached, sandbox):
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    path = f"/tickets/1/comments/{comment['id']}/attachments/{attached['id']}/redact"

    shown = zendesk.done("PUT", path)["attachment"]

    assert (shown["file_name"], shown["content_type"]) == ("redacted.txt", "text/plain")
    assert sandbox.session.get(attached["content_url"], timeout=15).content == b""
    another = path.replace(str(attached["id"]), str(attached["id"] + 1))
    assert zendesk.call("PUT", another)[0] == 404


def test_comment_made_private_stays_private(zendesk, attached):
    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]

    zendesk.ask("PUT", f"/tickets/1/comments/{comment['id']}/make_private")

    [comment] = zendesk.done("GET", "/tickets/1/comments")["comments"]
    assert comment["public"] is False

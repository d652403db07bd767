"""Objects of the Graph API, subscriptions, overrides and their handshakes."""

import pytest

NUMBER = "106540352242922"
WABA = "419561257915477"
APP = "670843887433847"


@pytest.fixture
def app_callback(receiver, graph):
    """The receiver as the app's callback, set the official way."""
    answer = graph.call(
        "POST",
        f"v24.0/{APP}/subscriptions",
        params={
            "object": "whatsapp_business_account",
            "callback_url": receiver.url,
            "verify_token": receiver.verify_token,
            "fields": "messages,message_template_status_update",
            "access_token": f"{APP}|sandbox-app-secret",
        },
    )
    assert answer == (200, {"success": True})
    return receiver


def test_app_callback_without_waba_subscription_hears_nothing(sandbox, app_callback):
    sandbox.control("whatsapp/messages", {"from": "31655501234", "text": "Hoi"})

    assert sandbox.look("deliveries") == {"deliveries": [], "pending": {}}


def test_app_callback_with_waba_subscription_hears(sandbox, app_callback, graph):
    assert graph.call("POST", f"{WABA}/subscribed_apps") == (200, {"success": True})

    sandbox.control("whatsapp/messages", {"from": "31655501234", "text": "Hoi"})

    assert len(app_callback.take(1)) == 1


def test_app_callback_is_listed(app_callback, graph):
    _, answer = graph.call("GET", f"{APP}/subscriptions")

    [subscription] = answer["data"]
    assert subscription["callback_url"] == app_callback.url
    assert [field["name"] for field in subscription["fields"]] == [
        "message_template_status_update",
        "messages",
    ]


def test_app_callback_failing_handshake_is_refused(receiver, graph):
    status, answer = graph.call(
        "POST",
        f"{APP}/subscriptions",
        {
            "object": "whatsapp_business_account",
            "callback_url": receiver.url,
            "verify_token": "wrong",
            "fields": "messages",
        },
    )

    message = (
        "(#2200) Callback verification failed with the following errors: "
        "HTTP Status Code = 403; HTTP Message = FORBIDDEN"
    )
    error = {"message": message, "type": "OAuthException", "code": 2200}
    assert (status, answer) == (400, {"error": error})


def test_override_before_subscription_is_refused(receiver, graph):
    status, answer = graph.call(
        "POST",
        f"{WABA}/subscribed_apps",
        {"override_callback_uri": receiver.url, "verify_token": receiver.verify_token},
    )

    assert (status, answer["error"]["message"]) == (
        400,
        (
            "(#100) Before override the current callback uri, your app must be subscribed to "
            "receive messages for WhatsApp Business Account"
        ),
    )


def test_overrides_number_before_waba_before_app(sandbox, app_callback, graph):
    token = {"verify_token": app_callback.verify_token}
    levels = {level: f"{app_callback.url}?level={level}" for level in ("waba", "number")}
    graph.call("POST", f"{WABA}/subscribed_apps")
    graph.call("POST", f"{WABA}/subscribed_apps", {"override_callback_uri": levels["waba"]} | token)
    override = {"override_callback_uri": levels["number"]} | token
    graph.call("POST", f"{NUMBER}/", {"webhook_configuration": override})
    _, shown = graph.call("GET", f"{NUMBER}?fields=webhook_configuration")

    urls = [delivered_to(sandbox)]
    graph.call("POST", NUMBER, {"webhook_configuration": {"override_callback_uri": ""}})
    urls.append(delivered_to(sandbox))
    graph.call("POST", f"{WABA}/subscribed_apps")
    urls.append(delivered_to(sandbox))

    assert urls == [levels["number"], levels["waba"], app_callback.url]
    assert shown == {
        "webhook_configuration": {
            "phone_number": levels["number"],
            "whatsapp_business_account": levels["waba"],
            "application": app_callback.url,
        },
        "id": NUMBER,
    }


def delivered_to(sandbox):
    """Write a message and return where its webhook went."""
    before = len(sandbox.look("deliveries")["deliveries"])
    sandbox.control("whatsapp/messages", {"from": "31655501234", "text": "Hoi"})
    while len(attempts := sandbox.look("deliveries")["deliveries"]) == before:
        pass
    return attempts[-1]["url"]


def test_subscribed_apps_are_listed_and_left(app_callback, graph):
    graph.call("POST", f"{WABA}/subscribed_apps")
    listed = graph.call("GET", f"v24.0/{WABA}/subscribed_apps")

    left = graph.call("DELETE", f"{WABA}/subscribed_apps")

    app = {
        "id": APP,
        "link": f"https://www.facebook.com/games/?app_id={APP}",
        "name": "Sandbox app",
    }
    assert listed == (200, {"data": [{"whatsapp_business_api_data": app}]})
    assert left == (200, {"success": True})
    assert graph.call("GET", f"{WABA}/subscribed_apps") == (200, {"data": []})


def test_number_shows_usual_fields(graph):
    assert graph.call("GET", f"v24.0/{NUMBER}") == (
        200,
        {
            "verified_name": "De Balie",
            "code_verification_status": "VERIFIED",
            "display_phone_number": "+31 85 550 0100",
            "quality_rating": "GREEN",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "webhook_configuration": {},
            "id": NUMBER,
        },
    )


def test_number_with_unknown_field_is_refused(graph):
    status, answer = graph.call("GET", f"{NUMBER}?fields=verified_name,colour")

    assert (status, answer["error"]["message"]) == (
        400,
        (
            "(#100) Tried accessing nonexisting field (colour) on node type "
            "(WhatsAppBusinessPhoneNumber)"
        ),
    )


def test_phone_numbers_of_waba_are_listed(graph):
    _, answer = graph.call("GET", f"{WABA}/phone_numbers?fields=display_phone_number")

    assert answer["data"] == [{"display_phone_number": "+31 85 550 0100", "id": NUMBER}]
    assert set(answer["paging"]) == {"cursors"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "1"),
        ("DELETE", NUMBER),
        ("POST", "1/messages"),
        ("GET", f"{NUMBER}/phone_numbers"),
        ("POST", APP),
    ],
)
def test_unknown_object_is_a_graph_method_exception(graph, method, path):
    status, answer = graph.call(method, path)

    assert (status, answer) == (
        400,
        {
            "error": {
                "message": f"Unsupported {method.lower()} request. Object with ID "
                f"'{path.split('/')[0]}' does not exist, cannot be loaded due to missing "
                "permissions, or does not support this operation. Please read the Graph API "
                "documentation at https://developers.facebook.com/docs/graph-api",
                "type": "GraphMethodException",
                "code": 100,
                "error_subcode": 33,
            }
        },
    )


def test_unknown_path_and_edge_are_explained(graph):
    edge = graph.call("GET", f"{NUMBER}/message_templates")
    path = graph.call("GET", "a/b/c")

    assert (edge[0], edge[1]["error"]["code"]) == (400, 100)
    assert (path[0], path[1]["error"]["message"]) == (400, "Unknown path components: /a/b/c")


def test_debug_token_names_its_app(graph):
    _, good = graph.call("GET", "debug_token?input_token=EAASANDBOXtoken")
    _, bad = graph.call("GET", "debug_token?input_token=none")

    assert (good["data"]["app_id"], bad["data"]["is_valid"]) == (APP, False)

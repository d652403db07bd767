"""Only Meta gets in: signatures over raw bytes, and the handshake."""

import pytest

from balie.api import Context, SignatureInvalid, WebAnswer, WebRequest
from balie_whatsapp.plugin import plugin
from balie_whatsapp.signature import sign

from .payloads import SECRET, a_message, a_payload, a_value, post

COMPACT = b'{"object":"whatsapp_business_account","entry":[]}'
SPACED = b'{"object": "whatsapp_business_account", "entry": []}'
VECTORS = [
    (SECRET, COMPACT, "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"),
    (SECRET, SPACED, "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a"),
    ("otro_secreto", COMPACT, "769b03d8c2ae6498f2d1e1f7299c0ba55448c69d741e7b0bb243d852d8a8d8c7"),
]
GOOD = sign(SECRET, COMPACT)


@pytest.mark.parametrize(("secret", "body", "digest"), VECTORS)
def test_sign_vectors(secret, body, digest):
    assert sign(secret, body) == f"sha256={digest}"


def with_headers(**headers: str) -> WebRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebRequest(method="POST", headers=named, query={}, body=COMPACT)


def test_signed_empty_delivery_gives_no_events(ctx: Context):
    assert plugin.channel_ingress(ctx, with_headers(x_hub_signature_256=GOOD)).events == ()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sha256=",
        GOOD.removeprefix("sha256="),
        GOOD.replace("sha256", "sha1"),
        GOOD.upper(),
        GOOD + "\n",
        f"{GOOD},{GOOD}",
        f"{GOOD}, sha256={'0' * 64}",
        sign("another secret", COMPACT),
        sign(SECRET, SPACED),
        "sha256=" + "é" * 64,
    ],
)
def test_signature_of_any_other_form_is_refused(ctx: Context, value):
    """A2: a header sent twice, another prefix, another length."""
    with pytest.raises(SignatureInvalid):
        plugin.channel_ingress(ctx, with_headers(x_hub_signature_256=value))


def test_signature_missing_is_refused(ctx: Context):
    """A1."""
    with pytest.raises(SignatureInvalid, match="has no x-hub-signature-256"):
        plugin.channel_ingress(ctx, with_headers(x_hub_signature="sha1=0"))


def test_body_written_anew_is_refused(ctx: Context):
    """A2: the signature is over the raw bytes."""
    request = WebRequest(
        method="POST", headers={"x-hub-signature-256": GOOD}, query={}, body=SPACED
    )
    with pytest.raises(SignatureInvalid, match="does not fit the body"):
        plugin.channel_ingress(ctx, request)


def test_escaped_body_is_verified_as_it_came(ctx: Context):
    raw = rb'{"object":"whatsapp_business_account","entry":[],"x":"\u00e9\/"}'
    assert plugin.channel_ingress(ctx, post(raw)).events == ()


@pytest.mark.parametrize("secret", ["", "  ", None])
def test_unset_secret_refuses_what_it_would_sign(ctx: Context, secret):
    """A1, A2: a secret that is not set refuses."""
    unset = Context(
        **{name: getattr(ctx, name) for name in ctx.__slots__}
        | {"config": {**ctx.config, "app_secret": secret}}
    )
    with pytest.raises(SignatureInvalid, match="app_secret is not set"):
        plugin.channel_ingress(unset, post(a_payload(a_value(a_message())), secret or ""))


def test_other_method_is_refused(ctx: Context):
    with pytest.raises(SignatureInvalid, match="not PUT"):
        plugin.channel_ingress(ctx, WebRequest(method="PUT", headers={}, query={}, body=b""))


def shake(ctx: Context, **query: str) -> WebAnswer:
    asked = {f"hub.{name}": value for name, value in query.items()}
    request = WebRequest(method="GET", headers={}, query=asked, body=b"")
    ingress = plugin.channel_ingress(ctx, request)
    assert ingress.events == ()
    return ingress.answer


def test_handshake_returns_the_raw_challenge_without_signature(ctx: Context):
    """A1: the challenge is asked unsigned."""
    answer = shake(ctx, mode="subscribe", verify_token="words we chose", challenge="115<820")
    assert answer == WebAnswer(status=200, body="115<820", content_type="text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "other words", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "wörds \udcff", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": "words we chose", "challenge": "1"},
        {"verify_token": "words we chose", "challenge": "1"},
    ],
)
def test_handshake_with_anything_wrong_is_403(ctx: Context, query):
    answer = shake(ctx, **query)
    assert (answer.status, answer.body) == (403, "hub.mode or hub.verify_token is wrong")

"""The shop: its pages in two languages, and which chat they show."""

import pytest

from balie_sandbox.app import create_app
from balie_sandbox.shop.model import PRODUCTS, price
from balie_sandbox.shop.texts import TEXTS

SCRIPT = "http://127.0.0.1:8000/livechat/demo/shop/loader.js"


@pytest.fixture
def client():
    return create_app().test_client()


def show(client, script):
    return client.post("/control/shop", json={"script": script})


def test_shop_without_a_chat_lets_no_script_in(client):
    page = client.get("/shop?lang=nl")

    assert "<script" not in page.text
    assert "script-src 'none'; frame-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Voor wie doorfietst." in page.text


@pytest.mark.parametrize("path", ["", *(f"/{one.slug}" for one in PRODUCTS)])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_shows_the_chat_and_lets_only_it_in(client, path, lang):
    show(client, SCRIPT)
    page = client.get(f"/shop{path}?lang={lang}")

    assert f'<script src="{SCRIPT}" data-locale="{lang}" async></script>' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "script-src http://127.0.0.1:8000; frame-src http://127.0.0.1:8000; " in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "script",
    [
        "javascript:alert(1)//.js",
        'http://a.example/"><script>.js',
        "http://a.example/x.js\n",
        "http://a.example/x.html",
        "//a.example/x.js",
        "http://a.example;script-src *//x.js",
        1,
        None,
    ],
    ids=range(8),
)
def test_what_is_no_address_of_a_script_is_refused(client, script):
    assert show(client, script).status_code == 400
    assert "<script" not in client.get("/shop").text


def test_reset_takes_the_chat_away(client):
    show(client, SCRIPT)
    client.post("/control/reset")

    assert "<script" not in client.get("/shop").text


def test_what_is_not_sold_is_not_found(client):
    assert client.get("/shop/canoe").status_code == 404


def test_both_languages_say_the_same_things():
    assert TEXTS["nl"].keys() == TEXTS["en"].keys()
    assert {*TEXTS["nl"]["products"]} == {*TEXTS["en"]["products"]} == {p.slug for p in PRODUCTS}
    assert (price(1295, "nl"), price(1295, "en")) == ("€ 12,95", "€12.95")

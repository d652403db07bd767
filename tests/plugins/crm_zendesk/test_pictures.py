"""Pictures in an agent's HTML: attached or not, none disappears, and none opens a door."""

from dataclasses import replace

import pytest

from balie.api import AgentReplied, Media, MediaKind, PermanentError, Text
from balie.tenants.http import VendorSession
from balie_crm_zendesk.plugin import plugin

from .facts import a_comment
from .scripted_zendesk import Answer, ScriptedZendesk, serving
from .test_comments import A_FILE, AGENT_ID, in_ticket, told

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500
ATTACHMENT = "/attachments/token/abc-1_2/"
ARTICLE = "/hc/article_attachments/123/Kaart%20Noord.png"


@pytest.fixture
def elsewhere():
    """Another host, of which no setting says that it is Zendesk's."""
    with serving(ScriptedZendesk()) as elsewhere:
        elsewhere.script("GET /x.png", Answer(200, PNG, {"Content-Type": "image/png"}))
        yield elsewhere


@pytest.fixture
def ctx(to_zendesk, zendesk):
    """The connection as the core makes it: its session knows the hosts of the settings."""
    host = zendesk.url.removeprefix("http://")
    with VendorSession(frozenset({host})) as session:
        yield replace(to_zendesk(), http=session)


def parts_of(ctx, zendesk, html, text="", **more):
    """What an agent's comment with this HTML says to the customer."""
    in_ticket(zendesk, a_comment(1, AGENT_ID, text, html_body=html, **more))
    (answer,) = told(ctx)
    assert isinstance(answer, AgentReplied)
    return answer.parts


def fetched(ctx, media):
    return b"".join(plugin.media_fetch(ctx, media).chunks)


@pytest.mark.parametrize("words", ["", "Zie:"])
@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"{ATTACHMENT}?name=plattegrond.png", "plattegrond.png"),
        (ARTICLE, "Kaart Noord.png"),
        ("/images/x", "x"),
    ],
)
def test_picture_of_the_account_that_is_not_attached_goes_along_as_a_file(
    ctx, zendesk, words, relative, address, name
):
    path = address.partition("?")[0]
    zendesk.script(f"GET {path}", Answer(200, PNG, {"Content-Type": "image/png"}))
    src = f"{'' if relative else zendesk.url}{address}"
    html = f'<div class="zd-comment"><p>{words}<img src="{src}" alt="x"></p></div>'

    *said, picture = parts_of(ctx, zendesk, html, words)

    assert said == ([Text(text=words)] if words else [])
    assert (picture.kind, picture.name, picture.type) == (MediaKind.IMAGE, name, "image/png")
    assert picture.text == f"[Afbeelding: {name}]"
    assert fetched(ctx, picture) == PNG


def test_our_credentials_go_along_to_attachments_only(ctx, zendesk):
    """The API shows Balie more than the customer who wrote what an agent quotes."""
    api = "/api/v2/users.json"
    paths = [ATTACHMENT, ARTICLE, api, f"{ATTACHMENT}%2e%2e/x", "/attachments/token/x/y.png"]
    html = "".join(f'<img src="{zendesk.url}{path}">' for path in paths)
    pictures = parts_of(ctx, zendesk, html)
    zendesk.seen.clear()

    for picture in pictures:
        with pytest.raises(PermanentError, match="geen afbeelding"):
            plugin.media_fetch(ctx, picture)

    signed = [one.call for one in zendesk.seen if "authorization" in one.headers]
    assert len(zendesk.seen) == len(paths)
    assert signed == [f"GET {ATTACHMENT}"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"users": []}, {"Content-Type": "application/json"}),
        Answer(200, b"<html>", {"Content-Type": "text/html"}),
        Answer(401, {}),
        Answer(403, {}),
        Answer(404, b""),
    ],
)
def test_what_is_no_picture_is_told_and_not_sent(ctx, zendesk, answer):
    zendesk.script(f"GET {ARTICLE}", answer)
    (picture,) = parts_of(ctx, zendesk, f'<img src="{ARTICLE}">')
    zendesk.seen.clear()
    with pytest.raises(PermanentError, match=r"^Op dat adres is geen afbeelding te vinden\.$"):
        plugin.media_fetch(ctx, picture)
    assert zendesk.calls == [f"GET {ARTICLE}"]


def test_picture_in_which_malware_was_found_stays(ctx, zendesk):
    zendesk.script(f"GET {ATTACHMENT}", Answer(403, b"Malware was found in this attachment."))
    (picture,) = parts_of(ctx, zendesk, f'<img src="{ATTACHMENT}">')
    with pytest.raises(PermanentError, match="virus"):
        plugin.media_fetch(ctx, picture)


def test_picture_that_leads_to_another_host_is_not_fetched_there(ctx, zendesk, elsewhere):
    zendesk.on(f"GET {ATTACHMENT}", b"", 302, Location=f"{elsewhere.url}/x.png")
    (picture,) = parts_of(ctx, zendesk, f'<img src="{ATTACHMENT}">')
    with pytest.raises(PermanentError, match="niet is toegestaan"):
        plugin.media_fetch(ctx, picture)
    assert elsewhere.seen == []


@pytest.mark.parametrize("address", [A_FILE["content_url"], "/attachments/token/x?name=b.png"])
def test_picture_that_is_attached_comes_along_once(ctx, zendesk, address):
    photo = A_FILE | {"content_type": "image/png", "file_name": "kat.png"}
    html = f'<p>Zie:<img src="{address}" alt="kat.png"></p>'
    words, picture = parts_of(ctx, zendesk, html, "Zie:", attachments=[photo])
    assert (words, picture.name) == (Text(text="Zie:"), "kat.png")


def test_picture_that_is_shown_twice_comes_along_once(ctx, zendesk):
    html = f'<b>Zie</b><img src="{ARTICLE}"><img src="{zendesk.url}{ARTICLE}">'
    assert [type(part) for part in parts_of(ctx, zendesk, html)] == [Text, Media]


@pytest.mark.parametrize(
    ("image", "text"),
    [
        ('src="https://shop.example/a/fiets.jpg"', "[fiets.jpg](https://shop.example/a/fiets.jpg)"),
        ('src="https://shop.example/" alt="De fiets"', "[De fiets](https://shop.example/)"),
        ('src="https://shop.example/"', "[afbeelding](https://shop.example/)"),
        ('src="//shop.example/x.png"', "[x.png](http://shop.example/x.png)"),
        ('src="https://shop.example/x.png" alt="\u2764\ufe0f"', "\u2764\ufe0f"),
    ],
)
def test_picture_of_another_host_is_a_link(ctx, zendesk, image, text):
    (words,) = parts_of(ctx, zendesk, f"<p><img {image}></p>")
    assert words.text == text


def test_picture_at_a_host_of_the_settings_is_fetched(to_zendesk, zendesk, elsewhere):
    host = elsewhere.url.removeprefix("http://")
    ctx = to_zendesk(file_hosts=f"*.zdusercontent.com, {host}")
    html = f'<img src="{elsewhere.url}/x.png"><img src="https://p1.zdusercontent.com/y.png">'
    first, second = parts_of(ctx, zendesk, html)
    assert fetched(ctx, first) == PNG
    assert "authorization" not in elsewhere.sent("GET /x.png").headers
    assert second.name == "y.png"


@pytest.mark.parametrize(
    "src", ["cid:image001.png@01D", "data:image/png;base64,AAAA", "https://x:99999/", "http://["]
)
def test_picture_without_an_address_is_told(ctx, zendesk, src):
    words, picture = parts_of(ctx, zendesk, f'<p>Zie:<img src="{src}" alt="kaart"></p>', "Zie:")
    assert (words.text, picture.name) == ("Zie:", "kaart")
    zendesk.seen.clear()
    with pytest.raises(PermanentError, match=r"^Op dat adres is geen afbeelding te vinden\.$"):
        plugin.media_fetch(ctx, picture)
    assert zendesk.seen == []


@pytest.mark.parametrize(
    "image", ['src="https://t.example/p.gif" width="1" height="1"', 'alt=""', 'src=" "']
)
def test_picture_that_nobody_sees_is_none(ctx, zendesk, image):
    assert parts_of(ctx, zendesk, f"<p>Ja<img {image}></p>", "Ja") == (Text(text="Ja"),)

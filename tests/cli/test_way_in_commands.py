"""How customers find a channel, on the command line."""

import re

import pytest

from .vendor import CHAT

LINK = "https://wa.me/31655500001"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:De Winkel\r\nEND:VCARD\r\n"


@pytest.fixture
def findable(shop, vendor):
    """The shop, whose channel tells two ways in."""
    vendor.says(
        ways=[
            {"name": "chat", "url": LINK, "vcard": CARD},
            {"name": "returns", "url": f"{LINK}?text=Retour"},
        ]
    )
    return shop


def test_links_are_told(findable):
    assert findable("contact", "link", CHAT).out == f"{LINK}  chat\n{LINK}?text=Retour  returns\n"
    assert findable("contact", "link", CHAT, "--json").json[0] == {"name": "chat", "url": LINK}


@pytest.mark.parametrize(("file", "begins"), [("q.svg", b"<?xml"), ("q.png", b"\x89PNG")])
def test_qr_code_is_written_as_its_name_says(findable, tmp_path, file, begins):
    done = findable("contact", "qr", CHAT, "--out", str(tmp_path / file), "--name", "returns")

    assert done.out == f"{tmp_path / file}: {LINK}?text=Retour\n"
    assert (tmp_path / file).read_bytes().startswith(begins)


def test_qr_code_is_shown_where_no_file_is_named(findable):
    assert len(findable("contact", "qr", CHAT).out.splitlines()) > 10
    svg = findable("contact", "qr", CHAT, "--json").json["svg"]
    assert re.match(r"<svg [^>]*>", svg)


def test_card_is_written_and_shown(findable, tmp_path):
    file = tmp_path / "winkel.vcf"
    assert findable("contact", "card", CHAT, "--out", str(file)).code == 0

    assert file.read_bytes() == CARD.encode()
    assert findable("contact", "card", CHAT).out == CARD.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("qr", CHAT, "--out", "q.gif"), "name it .svg or .png"),
        (("qr", CHAT, "--out", "/nowhere/q.svg"), "cannot be written"),
        (("card", CHAT, "--out", "/nowhere/c.vcf"), "cannot be written"),
        (("card", CHAT, "--name", "returns"), "this way in has no card"),
        (("qr", CHAT, "--name", "x"), "there is no way in 'x'; there is: chat, returns"),
    ],
)
def test_way_in_asked_wrongly_is_refused(findable, arguments, says):
    refused = findable("contact", *arguments)

    assert refused.code in (1, 2)
    assert says in refused.err


def test_link_that_is_too_long_for_a_code_is_refused(shop, vendor):
    vendor.says(ways=[{"name": "x", "url": "https://wa.me/?text=" + "x" * 3000}])

    assert "too long for a QR code" in shop("contact", "qr", CHAT).err


def test_channel_that_knows_no_way_in_says_so(shop):
    assert "this channel knows no way in" in shop("contact", "link", CHAT).err

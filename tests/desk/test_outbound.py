"""How an answer is cut into messages: pure."""

import pytest

from balie.api import Capabilities, Markup, Media, MediaKind, MediaRule, Option, Options, Text
from balie.desk.outbound.split import pieces, split

IMAGES = MediaRule(kind=MediaKind.IMAGE, types=("image/jpeg", "image/png"), most_bytes=5_000_000)
ANYTHING = MediaRule(kind=MediaKind.DOCUMENT, types=("*/*",), most_bytes=100_000_000)
ABLE = Capabilities(
    text_limit=40, caption_limit=20, sends=frozenset({"Media"}), media=(IMAGES, ANYTHING)
)
PHOTO = Media(kind=MediaKind.IMAGE, ref="1", text="foto.jpg", name="foto.jpg", type="image/jpeg")
CHOICE = Options(text="Kies", options=(Option(id="a", title="A"),))


def texts(found):
    return [[part.text for part in message] for message in found.messages]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("kort", ["kort"]),
        ("", [""]),
        (
            "Een zin die er nog in past. En nog een zin.",
            ["Een zin die er nog in past.", "En nog een zin."],
        ),
        (
            "De eerste alinea. Met tekst.\n\nDe tweede alinea.",
            ["De eerste alinea. Met tekst.", "De tweede alinea."],
        ),
        ("x" * 90, ["x" * 40, "x" * 40, "x" * 10]),
        (
            ("woord " * 10).strip(),
            ["woord woord woord woord woord woord", "woord woord woord woord"],
        ),
    ],
    ids=["short", "empty", "sentences", "paragraphs", "no border", "words"],
)
def test_text_is_cut_at_a_border_that_reads_well(text, cut):
    assert pieces(text, 40) == cut


def test_pieces_lose_nothing_but_spaces_at_the_borders():
    text = "Dit is zin nummer één. " * 400

    found = pieces(text, 4096)

    assert max(map(len, found)) <= 4096
    assert " ".join(found).split() == text.split()


def test_markdown_is_cut_and_stays_markdown():
    found = split([Text(text="**vet** " * 8, markup=Markup.MARKDOWN)], ABLE, "nl")

    assert {part.markup for message in found.messages for part in message} == {Markup.MARKDOWN}


def test_one_file_with_few_words_is_one_message():
    found = split([Text(text="Kijk eens."), PHOTO], ABLE, "nl")

    assert [message[0].caption for message in found.messages] == ["Kijk eens."]


@pytest.mark.parametrize(
    "parts",
    [
        [Text(text="Dit is te lang voor een bijschrift."), PHOTO],
        [Text(text="*vet*", markup=Markup.MARKDOWN), PHOTO],
        [Text(text="Twee."), PHOTO, PHOTO],
    ],
    ids=["too long", "marked", "two files"],
)
def test_other_words_go_before_the_files(parts):
    assert texts(split(parts, ABLE, "nl")) == [[part.text] for part in parts]


def test_picture_of_another_type_goes_as_a_document():
    tiff = Media(kind=MediaKind.IMAGE, ref="1", text="scan", name="scan.tiff", type="image/tiff")

    [[sent]] = split([tiff], ABLE, "nl").messages

    assert sent.kind is MediaKind.DOCUMENT


def test_channel_without_files_leaves_them_behind_and_says_so():
    found = split([Text(text="Hoi"), PHOTO, CHOICE], Capabilities(), "en")

    assert texts(found) == [["Hoi"]]
    assert found.left_out == ("foto.jpg: this channel sends no files", "Kies")


def test_nothing_to_send_is_no_message():
    assert split([], ABLE, "nl").messages == ()

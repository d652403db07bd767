"""Agents' HTML as text: no word is lost, nothing runs, and marks are where there were some."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.api import Markup
from balie_crm_zendesk.answers import html_text
from balie_crm_zendesk.answers.html_text import Shown


def read(html):
    """Read HTML in which only pictures without an alt have a link."""
    return html_text.read(html, pictured)


def pictured(image):
    return Shown(image["alt"]) if "alt" in image else Shown("kat.png", image["src"])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Hallo", "Hallo"),
        ('<div class="zd-comment" dir="auto"><p dir="auto">Hallo<br>Noor</p></div>', "Hallo\nNoor"),
        ("<p>Hallo</p><p>Noor</p>", "Hallo\n\nNoor"),
        ("<div>Hallo</div><div>Noor</div>", "Hallo\nNoor"),
        ("Hallo<br><br>&nbsp;<br>Noor", "Hallo\n\nNoor"),
        ("<p>Hallo\n   Noor </p>\n", "Hallo Noor"),
        ("a &lt;b&gt; &amp; c &euro; &#128512;", "a <b> & c € 😀"),
        ("2*3*4 _x_ `y` [z](q) \\", "2*3*4 _x_ `y` [z](q) \\"),
        ("<script>alert(1)</script><style>p{}</style>Hallo", "Hallo"),
        ("<onbekend>Hallo</onbekend> <u>Noor</u>", "Hallo Noor"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example/"),
        ('<a href="https://x.example/a">x.example/a</a>', "https://x.example/a"),
        ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
        ('<a href="javascript:alert(1)">klik</a>', "klik"),
        ('<a href="data:text/html,x">klik</a>', "klik"),
        ('<a href="https://x.example/"></a>leeg', "leeg"),
        ('<img src="https://z.example/emoji.png" alt="😀"> <img alt="">Zie', "😀 Zie"),
        ('<img src="javascript:x">', "kat.png"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ('<div class="signature"><p>Daan<br>Support</p></div>', "Daan\nSupport"),
        ("</b></ul></li></a></pre>Hallo", "Hallo"),
        ("<b> </b>Hallo<b></b>", "Hallo"),
        ("<!-- niet zien -->Hallo", "Hallo"),
    ],
)
def test_html_without_marks_is_plain(html, text):
    found = read(html)
    assert (found.text, found.markup) == (text, Markup.PLAIN)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Tot <b>zes</b> uur", "Tot **zes** uur"),
        ("Tot <strong> zes </strong>uur", "Tot  **zes** uur"),
        ("<em>a</em> <i>b</i> <s>c</s> <del>d</del>", "*a* *b* ~~c~~ ~~d~~"),
        ("<b>a<strong>b</strong>c</b>", "**abc**"),
        ("<b>a <i>b</i></b>", "**a _b_**"),
        ("<i>a <b>b</b></i>", "_a **b**_"),
        ("<b>een<br>twee</b>", "**een**\n**twee**"),
        ("<b><p>een</p><p>twee</p></b>", "**een**\n\n**twee**"),
        ("<b>open", "**open**"),
        ("<h2>Kop</h2><p>tekst</p>", "**Kop**\n\ntekst"),
        ("<h2><b>Kop</b></h2>", "**Kop**"),
        ("<code>a*b</code> a*b", "`a*b` a\\*b"),
        ("<b>x</b> _y_ snake_case 2*3 [z] ~~", "**x** \\_y\\_ snake_case 2\\*3 \\[z\\] \\~~"),
        ("<pre>  x = 1\n  y *2*</pre>na", "```\n  x = 1\n  y *2*\n```\n\nna"),
        ("<blockquote><p>zei u</p></blockquote><p>ja</p>", "> zei u\n\nja"),
        (
            "<p>Kies:</p><ul><li>een</li><li>twee</li></ul><p>klaar</p>",
            "Kies:\n\n- een\n- twee\n\nklaar",
        ),
        (
            "<ul><li><p>een</p></li><li>twee<ul><li>diep</li></ul></li></ul>",
            "- een\n- twee\n  - diep",
        ),
        ('<ol start="3"><li>a<li>b</ol>', "3. a\n4. b"),
        ('<ol start="x"><li>a</li></ol>', "1. a"),
        ("<ul><li>een<br>nog een regel</li></ul>", "- een\n  nog een regel"),
        ('<a href="https://x.example/a(b) c">hier</a>', "[hier](https://x.example/a%28b%29%20c)"),
        ('<a href="https://x.example/"><b>hier</b></a>', "[**hier**](https://x.example/)"),
        ('Zie <img src="https://x.example/k">!', "Zie [kat.png](https://x.example/k)!"),
        (
            '<a href="https://x.example/"><img src="https://x.example/k"> k</a>',
            "[kat.png k](https://x.example/)",
        ),
        ('<a href="tel:+31655501234">bel ons</a>', "[bel ons](tel:+31655501234)"),
    ],
)
def test_html_with_marks_is_markdown(html, text):
    found = read(html)
    assert (found.text, found.markup) == (text, Markup.MARKDOWN)


def test_words_that_look_like_marks_are_words():
    """What an agent typed as a star stays a star, beside real marks too."""
    assert read("<p>1*2*3 <b>x</b></p>").text == "1\\*2\\*3 **x**"


WORDS = st.text(alphabet="abcé😀", min_size=1, max_size=8)
TAGS = st.sampled_from(
    [
        "b",
        "i",
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "a",
        "h1",
        "s",
        "table",
        "tr",
        "td",
        "br",
        "u",
        "x",
    ]
)


@given(st.lists(st.tuples(TAGS, st.booleans(), WORDS), max_size=30))
def test_no_word_is_lost_however_tags_are_nested(pieces):
    html = "".join(f"<{'/' * end}{tag}>{words}" for tag, end, words in pieces)
    expected = "".join(words for _, _, words in pieces)
    found = read(html).text
    assert "".join(c for c in found if c in "abcé😀") == expected


@given(st.text(alphabet="<>/&;ab=\"' !-", max_size=60))
def test_broken_html_breaks_nothing(html):
    read(html)


@pytest.mark.parametrize("tag", ["b", "li", "ul", "blockquote", "a", "p", "i"])
def test_nesting_without_end_is_read_all_the_same(tag):
    assert read(f"<{tag}>" * 5000 + "x").text.count("x") == 1

"""Markdown as WhatsApp writes it, and plain text that stays plain."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie_whatsapp.outbound.marks import from_markdown, from_plain

UNSEEN = "\u200b"


@pytest.mark.parametrize(
    ("markdown", "marked"),
    [
        ("**vet**", "*vet*"),
        ("__vet__", "*vet*"),
        ("**vet **en", "*vet*en"),
        ("*schuin*", "_schuin_"),
        ("_schuin_", "_schuin_"),
        ("*schuin *", "_schuin_"),
        ("**vet en *schuin***", "*vet en _schuin_*"),
        ("~~weg~~", "~weg~"),
        ("`x*y*z`", "`x*y*z`"),
        ("```python\na = **b\n```", "```a = **b```"),
        ("# Kop", "*Kop*"),
        ("## **Kop** ##", "*Kop*"),
        ("* een\n* twee", "- een\n- twee"),
        ("+ een", "- een"),
        ("1. een", "1. een"),
        ("> gezegd", "> gezegd"),
        ("[Balie](https://balie.example/_a_)", "Balie (https://balie.example/_a_)"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("![](https://a.example/x.png)", "https://a.example/x.png"),
        ("![Foto](https://a.example/x.png 'x')", "Foto (https://a.example/x.png)"),
        ("**[Balie](https://a.example)**", "*Balie (https://a.example)*"),
        ("https://a.example/*b*_c_", "https://a.example/*b*_c_"),
        (r"\*geen\* \_mark\_", f"*{UNSEEN}geen*{UNSEEN} _{UNSEEN}mark_{UNSEEN}"),
        (r"3 \> 2", "3 > 2"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("snake_case_name", "snake_case_name"),
        ("a\n\nb", "a\n\nb"),
        ("** niets **", "** niets **"),
        ("", ""),
    ],
)
def test_markdown_is_written_in_whatsapps_marks(markdown, marked):
    assert from_markdown(markdown) == marked


@pytest.mark.parametrize(
    ("plain", "sent"),
    [
        ("Dag", "Dag"),
        ("5*3*2", "5*3*2"),
        ("5 * 3", "5 * 3"),
        ("a_b_c", "a_b_c"),
        ("*let op*", f"*{UNSEEN}let op*"),
        ("code _1234_.", f"code _{UNSEEN}1234_."),
        ("~ongeveer~ 5", f"~{UNSEEN}ongeveer~ 5"),
        ("`x`", f"`{UNSEEN}x`"),
        ("```a\nb```", f"```{UNSEEN}a\nb```"),
        ("https://a.example/_b_/*c*", "https://a.example/_b_/*c*"),
        ("*een\ntwee*", "*een\ntwee*"),
    ],
)
def test_plain_text_makes_no_marks_by_accident(plain, sent):
    assert from_plain(plain) == sent


@given(st.text(alphabet=st.sampled_from("ab *_~`#>-\n\\[]()!1.h:/"), max_size=60))
def test_any_text_comes_through(text):
    """Nothing is lost but marks, and nothing hangs."""
    assert from_plain(text).replace(UNSEEN, "") == text
    # The word behind an opening fence names a language, and is no text.
    if "```" not in text:
        assert letters(from_markdown(text)) == letters(text)


def letters(text):
    return re.sub(r"[^ab1]", "", text)

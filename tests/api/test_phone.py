import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.api import (
    PhoneInvalid,
    country_of,
    for_people,
    from_international,
    national_digits,
    to_e164,
    variants,
)

REGIONS = ("NL", "BE", "DE", "GB", "US", "IT")

# Everything a person may type around digits, and what no one should.
WRITTEN = st.one_of(
    st.text(alphabet=st.characters(), max_size=60),  # with surrogates and controls
    st.text(alphabet="0123456789+-.() /\u00a0\u202a\u202c٠١٢٣４５#*,;", max_size=45),
    st.from_regex(r"(\+|00)?31 ?(\(0\))? ?6[0-9]{8}", fullmatch=True),
)


@pytest.mark.parametrize(
    "written",
    [
        "0655500101",
        "06-5550.0101",
        "06 55 50 01 01",
        "(06) 5550 0101",
        "06/55500101",
        "0031 6 5550 0101",
        "0031655500101",
        "+31655500101",
        "+31 6 5550 0101",
        "+31(0)655500101",
        "+31 (0)6 5550 0101",
        "0031(0)6-5550.0101",
        "31655500101",
        "31 6 5550 0101",
        " +31 6 5550 0101\n",
        "+31\u00a06\u00a05550\u00a00101",  # no-break spaces, as a web page has them
        "\u202a+31 6 5550 0101\u202c",  # direction marks, as a phone's contact list copies them
        "\u200f+31655500101",
        "٠٦٥٥٥٠٠١٠١",  # Arabic-Indic digits
        "０６５５５００１０１",  # full-width digits
        "+31\u20116\u20115550\u20110101",  # no-break hyphens
    ],
)
def test_all_forms_of_a_dutch_mobile_are_one_number(written):
    assert to_e164(written, "NL") == "+31655500101"


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("020 555 0101", "NL", "+31205550101"),
        ("0470 55 01 01", "BE", "+32470550101"),
        ("+32 470 55 01 01", "NL", "+32470550101"),
        ("32470550101", "NL", "+32470550101"),
        ("(202) 555-0143", "US", "+12025550143"),
        ("011 31 6 5550 0101", "US", "+31655500101"),
        ("06 698 12345", "IT", "+390669812345"),  # Italy keeps its zero
    ],
)
def test_number_is_read_by_its_region(written, region, number):
    assert to_e164(written, region) == number


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "'' is no telephone number: give 7 to 15 digits"),
        ("   ", "'' is no telephone number: give 7 to 15 digits"),
        ("9" * 10_000, f"{'9' * 40!r} is no telephone number: give 7 to 15 digits"),
        (
            "(0)" * 5_000 + "655500101",
            f"{('(0)' * 14)[:40]!r} is no telephone number: give 7 to 15 digits",
        ),
        ("06 call me", "'06 call me' is no telephone number: it holds letters"),
        ("тел 0655500101", "'тел 0655500101' is no telephone number: it holds letters"),
        (
            "0655500101 of 0655500102",
            "'0655500101 of 0655500102' is no telephone number: it holds letters",
        ),
        ("112", "'112' is no telephone number in use in NL or abroad"),
        ("1234567", "'1234567' is no telephone number in use in NL or abroad"),
        ("0655", "'0655' is no telephone number in use in NL or abroad"),
        ("+", "'+' is no telephone number in use in NL or abroad"),
        ("-", "'-' is no telephone number in use in NL or abroad"),
        ("+999 655500101", "'+999 655500101' is no telephone number in use in NL or abroad"),
        (
            "06\x005550\x000101",
            "'06\\x005550\\x000101' is no telephone number in use in NL or abroad",
        ),
        ("06\ud80055500101", "'06\\ud80055500101' is no telephone number in use in NL or abroad"),
        ("²³⁴⁵⁶⁷⁸", "'²³⁴⁵⁶⁷⁸' is no telephone number in use in NL or abroad"),
    ],
    ids=lambda value: value[:12].encode("unicode_escape").decode(),
)
def test_what_is_no_number_is_said_so(written, why):
    with pytest.raises(PhoneInvalid) as caught:
        to_e164(written, "NL")

    assert str(caught.value) == why


@pytest.mark.parametrize("region", ["", "nl", "XX", "Netherlands"])
def test_unknown_region_takes_only_international_notation(region):
    assert to_e164("+31655500101", region) == "+31655500101"
    with pytest.raises(PhoneInvalid):
        to_e164("0655500101", region)


@settings(deadline=None)
@given(WRITTEN, st.sampled_from(REGIONS))
def test_any_text_is_a_number_or_phone_invalid(written, region):
    try:
        number = to_e164(written, region)
    except PhoneInvalid:
        return
    assert from_international(number) == number
    assert [to_e164(number, other) for other in REGIONS] == [number] * len(REGIONS)


@settings(deadline=None)
@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_every_countrys_example_survives_its_notations(region):
    example = phonenumbers.example_number(region)
    style = phonenumbers.PhoneNumberFormat
    number = phonenumbers.format_number(example, style.E164)

    assert to_e164(phonenumbers.format_number(example, style.NATIONAL), region) == number
    assert to_e164(phonenumbers.format_number(example, style.INTERNATIONAL), "NL") == number
    assert to_e164(for_people(number, region), region) == number


# --- What a vendor vouches for ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("31655500101", "+31655500101"),
        ("+31655500101", "+31655500101"),
        ("15550100123", "+15550100123"),  # in no numbering plan, and yet WhatsApp sends such
        ("1234567", "+1234567"),
        ("1" * 15, "+" + "1" * 15),
    ],
)
def test_international_digits_are_believed(digits, number):
    assert from_international(digits) == number


@pytest.mark.parametrize(
    "digits",
    ["", "+", "123456", "1" * 16, "0655500101", "++31655500101", "31 655500101", "31655500101\n",
     "٣١٦٥٥٥٠٠١٠١", "31655500101\x00", "-31655500101", "NL.13491208655302741918"],
)  # fmt: skip
def test_international_digits_that_break_e164_are_refused(digits):
    with pytest.raises(PhoneInvalid) as caught:
        from_international(digits)

    assert str(caught.value) == f"{digits!r} is no international number: give 7 to 15 digits"


@settings(deadline=None)
@given(
    st.one_of(
        st.text(alphabet=st.characters()), st.from_regex(r"\+?[1-9][0-9]{6,14}", fullmatch=True)
    )
)
def test_any_digits_are_a_number_or_phone_invalid(digits):
    try:
        number = from_international(digits)
    except PhoneInvalid:
        return
    assert from_international(number) == number
    assert for_people(number, "NL") != ""


# --- For reading --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "region", "read"),
    [
        ("+31655500101", "NL", "06 55500101"),
        ("+31655500101", "BE", "+31 6 55500101"),
        ("+12025550143", "US", "(202) 555-0143"),
        ("+9991234567", "NL", "+9991234567"),  # of no country that is known
    ],
)
def test_number_for_people_is_written_as_they_do(number, region, read):
    assert for_people(number, region) == read


def test_national_digits_leave_the_country_out():
    assert national_digits("+31655500101") == "655500101"
    assert national_digits("+390669812345") == "0669812345"


def test_national_digits_of_no_country_are_refused():
    with pytest.raises(PhoneInvalid, match="'\\+9991234567' belongs to no country"):
        national_digits("+9991234567")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5511987654321", "+551187654321"),
        ("+5585966665555", "+558566665555"),
        ("+5215512345678", "+525512345678"),
        ("+5491123456789", "+541123456789"),
    ],
)
def test_two_forms_of_one_number_are_each_others(one, other):
    assert variants(one) == (one, other)
    assert variants(other) == (other, one)


@pytest.mark.parametrize(
    "number",
    [
        "+31655500001",
        "+551133334444",  # a fixed line, which never got a 9
        "+55119876543210",
        "+52155123456789",
        "+15550783881",
        "+",
        "",
    ],
)
def test_number_of_one_form_is_its_only_variant(number):
    assert variants(number) == (number,)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+31655500001", "NL"),
        ("+15550001234", ""),  # a code that no country of the plan uses
        ("+442079460000", "GB"),
        ("+80012345678", ""),  # freephone of all countries
        ("+999123456", ""),
        ("no number", ""),
    ],
)
def test_country_of_a_number(number, country):
    assert country_of(number) == country

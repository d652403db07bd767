"""A20: what must not stand in a log does not."""

import pytest

from balie.run.logging import mask


def masked(**facts: object) -> dict[str, object]:
    return dict(mask(None, "info", dict(facts)))


NUMBERS = [
    "+31655501234",
    "31655501234",
    "06-5550.1234",
    "06 55 50 12 34",
    "0031 6 5550 1234",
    "+31(0)655501234",
    "(06) 55501234",
    "+1 555-010-0123",
    "15550100123",
]
AROUND = [
    "{}",
    "from {} to us",
    "from={}.",
    "[{}]",
    '{{"phone": "{}"}}',
    "tel:{},",
    "{}@s.whatsapp.net",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("number", NUMBERS)
def test_a20_telephone_numbers_are_masked_wherever_they_stand(number, around):
    text = around.format(number)

    for facts in (masked(error=text), masked(event=text)):
        (said,) = facts.values()
        digits = "".join(character for character in str(said) if character.isdigit())
        assert len(digits) <= 5, said  # the country, and the last two
        assert "••••" in said


def test_a20_numbers_within_other_facts_are_masked():
    facts = masked(
        people=["+31655501234", {"phone": 31655501234, "deep": ("x", "+31655501234")}],
        error=ValueError("no user +31655501234"),
        wa_id=31655501234,
    )

    assert "5550" not in repr(facts)


@pytest.mark.parametrize(
    "name", ["token", "access_token", "app_secret", "Authorization", "api_key", "password"]
)
def test_a20_facts_named_after_secrets_are_masked(name):
    assert masked(**{name: "EAAB-sesam"}) == {name: "••••"}
    assert masked(config={"inner": {name: "EAAB-sesam"}}) == {"config": {"inner": {name: "••••"}}}


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer EAAB.sesam-1",
        "basic RUFBQi1zZXNhbQ==EAAB",
        "GET /me?access_token=EAABsesam&fields=id",
        '{"client_secret": "EAABsesam"}',
        "password=EAABsesam;",
    ],
)
def test_a20_credentials_within_a_text_are_masked(text):
    assert "EAAB" not in masked(error=text)["error"]


def test_a20_whatsapps_ids_do_not_tell_the_number_that_is_in_them():
    told = masked(message="message:wamid.HBgLMzE2NTU1MDAwMDEVAgASGBQzQUQ5Q0ZGRg==")
    assert told == {"message": "message:wamid.••••Q5Q0ZGRg=="}


def test_what_an_admin_needs_is_left_alone():
    facts = {
        "event": "item_parked",
        "item": 123_456_789_012,
        "lane": 987_654_321,
        "timestamp": "2026-03-02T12:00:00.123456Z",
        "level": "info",
        "seconds": 0.123456789,
        "attempts": 3,
        "ok": True,
        "nothing": None,
        "address": "10.20.30.40 and 192.168.100.200",
        "version": "1.2.3",
        "revision": "0f9a1b22c3344d",
    }

    assert masked(**facts) == facts

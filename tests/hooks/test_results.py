import pytest

from balie.api import Action, Customer, Note, Receipt, ReplyOnce
from balie.hooks.results import many, one, one_or_none

RECEIPT = Receipt(message_id="m1")


def test_results_of_the_declared_type_pass_unchanged():
    actions = [Note(key="k", text="t"), ReplyOnce(key="k", text="t")]

    assert one(Receipt)(RECEIPT) is RECEIPT
    assert one_or_none(Customer)(None) is None
    assert many(Action)(actions) is actions


@pytest.mark.parametrize(
    ("read", "value", "told"),
    [
        (one(Receipt), None, "it returned None (a forgotten return?) where Receipt is due"),
        (one(Receipt), "m1", "it returned a str where Receipt is due"),
        (one(Receipt), Receipt, "it returned a type where Receipt is due"),
        (one_or_none(Customer), False, "it returned a bool where Customer or None is due"),
        (
            many(Action),
            (),
            "it returned a tuple where a list of Note or ReplyOnce or Later or CallOff is due",
        ),
        (
            many(Action),
            None,
            (
                "it returned None (a forgotten return?) where a list of "
                "Note or ReplyOnce or Later or CallOff is due"
            ),
        ),
        (
            many(Action),
            [RECEIPT],
            "it returned a list with a Receipt in it, not Note or ReplyOnce or Later or CallOff",
        ),
        (many(Note), [None], "it returned a list with None (a forgotten return?) in it, not Note"),
    ],
)
def test_result_of_another_type_says_what_came_back(read, value, told):
    with pytest.raises(TypeError) as caught:
        read(value)

    assert str(caught.value) == told

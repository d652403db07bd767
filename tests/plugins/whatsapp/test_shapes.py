"""One row a shape: what Meta can send, and what is stated to come of it."""

import pytest

from .conftest import make_context
from .payloads import a_payload, a_value, take
from .shapes import GIVEN
from .stated import SHAPES
from .summary import told

_OF_THE_ACCOUNT = ("message_template_", "template_", "account_")


def test_every_row_is_stated_once():
    assert [name for name, _, _ in GIVEN] == list(SHAPES)


@pytest.mark.parametrize(("name", "field", "value"), GIVEN, ids=[row[0] for row in GIVEN])
def test_shape_gives_its_stated_result(clock, session, name, field, value):
    ctx = make_context(clock, session, import_history=True)
    whole = value if field.startswith(_OF_THE_ACCOUNT) else a_value(**value)
    payload = a_payload(whole, field=field)
    payload["entry"][0]["time"] = 1790000000
    assert [line for raw in take(ctx, payload) for line in told(ctx, raw)] == SHAPES[name]

"""A context of a plain connection."""

import pytest

from balie.api import Context
from balie.run.services import Services


@pytest.fixture
def plain_context(counter: Services) -> Context:
    live = counter.contexts.find("winkel", "chat")
    assert live is not None
    return live.ctx

"""A policy on paper: it returns the actions, or raises the error, that the test wrote down."""

from balie.api import (
    Action,
    ConfigSchema,
    Context,
    Kind,
    Manifest,
    MessageReceived,
    hookimpl,
)


class PaperPolicy:
    """The policy."""

    manifest = Manifest(
        id="paper_policy", name="Paper policy", kind=Kind.POLICY, config=ConfigSchema
    )

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.error: Exception | None = None

    @hookimpl
    def message_received(self, ctx: Context, event: MessageReceived) -> list[Action]:
        if self.error is not None:
            raise self.error
        return self.actions


plugin = PaperPolicy()

"""What a write does to a ticket's tags."""

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import Json


def tags_after(current: list[str], data: Json) -> list[str] | None:
    """The tags after a write, or None if it says nothing about them.

    `tags` replaces them all; `additional_tags` and `remove_tags` change the present ones.
    """
    replaced = fields.tag_list(data, "tags")
    added = fields.tag_list(data, "additional_tags")
    removed = fields.tag_list(data, "remove_tags")
    if replaced is None and added is None and removed is None:
        return None
    return with_tags(current if replaced is None else replaced, added or [], removed or [])


def with_tags(current: list[str], added: list[str], removed: list[str]) -> list[str]:
    return [tag for tag in dict.fromkeys([*current, *added]) if tag not in removed]

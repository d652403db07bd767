"""Reads single fields of a client's JSON. Every reader raises ApiError (422) on a wrong type."""

from datetime import UTC, datetime

from .errors import ApiError, Json, wrong_type


def text(data: Json, name: str) -> str | None:
    """A string or None. Numbers are taken as their digits, as Rails does."""
    value = data.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(name, "a string")
    return str(value)


def identifier(data: Json, name: str) -> int | None:
    """An id, sent as a number or as digits."""
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise wrong_type(name, "an id")


def flag(data: Json, name: str) -> bool | None:
    """A boolean; "true" and "false" count, as forms and old clients send them."""
    value = data.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise wrong_type(name, "true or false")


def moment(data: Json, name: str) -> datetime:
    """A time in ISO 8601, UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(text(data, name) or "")
    except ValueError:
        raise wrong_type(name, "an ISO 8601 time") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def mapping(data: Json, name: str) -> Json | None:
    value = data.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise wrong_type(name, "an object")


def rows(data: Json, name: str) -> list[Json] | None:
    """A list of objects."""
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise wrong_type(name, "a list of objects")
    return value


def rule_value(data: Json, name: str) -> str | int | list[str | int] | None:
    """What a condition or an action holds; true and false are kept as those words."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, list):
        return [_rule_word(one, name) for one in value]
    return _rule_word(value, name)


def _rule_word(value: object, name: str) -> str | int:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return value
    raise wrong_type(name, "a string, a whole number or a list of them")


def tag_list(data: Json, name: str) -> list[str] | None:
    """Tags, as a list or as one string with spaces; lower case, each once, in order."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise wrong_type(name, "a list of strings")
    return list(dict.fromkeys(word.lower() for tag in value for word in tag.split()))


def choice(data: Json, name: str, allowed: tuple[str, ...]) -> str | None:
    """One of a few words, or None."""
    value = text(data, name)
    if value is None or value == "":
        return None
    if value.lower() not in allowed:
        raise _not_among(name, value)
    return value.lower()


def _not_among(name: str, value: str) -> ApiError:
    return wrong_type(name, f"a known {name}, which {value[:40]!r} is not")

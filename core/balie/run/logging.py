"""Structured logs on standard error, with numbers of people and secrets masked."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_NUMBER = re.compile(r"(?<![\w.])(\+?\d{2})[\d ()-]{5,}(\d{2})(?![\w.])")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
_SECRET_NAMES = re.compile(r"(?i)token|secret|password|authorization|api_key")
_PLAIN = frozenset({"event", "level", "timestamp", "logger", "item", "lane"})


def configure(level: str) -> None:
    """Set up logging for this process.

    ``level`` is debug, info, warning or error; ``json`` is info as JSON.
    """
    as_json = level == "json"
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))


def mask(
    _logger: object, _method: str, facts: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask what must not stand in a log: telephone numbers, tokens, secrets."""
    for name, value in facts.items():
        if name in _PLAIN:
            continue
        if _SECRET_NAMES.search(name):
            facts[name] = "••••"
        elif isinstance(value, str):
            facts[name] = _BEARER.sub(r"\1 ••••", _NUMBER.sub(r"\1••••\2", value))
    return facts

"""The vendor's OpenAPI file: to which operation an answer belongs, and what it says against it."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from openapi_schema_validator import OAS30ReadValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4
from tests.sandbox.zendesk.exemptions import EXEMPTIONS, Exemption

SOURCE = (
    Path(__file__).parents[4] / "shared/fixtures/zendesk/openapi/zendesk_support_oas_2024-03.yaml"
)
METHODS = ("get", "post", "put", "patch", "delete")
#: The two ways in which the vendor words a refusal. The file describes hardly any; the first is
#: in its prose and in all recorded ones (fixtures/zendesk/errors), the second is its `Errors`.
REFUSAL = {
    "oneOf": [
        {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": {"type": "string"},
                "description": {"type": "string"},
                "details": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["description"],
                            "properties": {
                                "description": {"type": "string"},
                                "error": {"type": "string"},
                            },
                        },
                    },
                },
            },
        },
        {
            "allOf": [
                {"$ref": "urn:zendesk#/components/schemas/Errors"},
                {"required": ["errors"]},
            ]
        },
    ]
}


class Loader(yaml.CSafeLoader):
    """The file has a bare "=", which YAML 1.1 has no text for."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


@dataclass(frozen=True)
class Operation:
    """One method of one path; ``template`` is the path as the file writes it."""

    method: str
    template: str
    responses: dict[str, Any] = field(compare=False)


class Description:
    """The file, its exemptions filled in. ``checked`` grows by each described answer."""

    def __init__(self, exemptions: tuple[Exemption, ...] = EXEMPTIONS) -> None:
        with SOURCE.open() as file:
            document = yaml.load(file, Loader)
        for exemption in exemptions:
            put(document, exemption.place, exemption.really)
        self.document = document
        self.checked: set[tuple[str, str, int]] = set()
        self._registry = Registry().with_resource("urn:zendesk", Resource(document, DRAFT4))
        self._refusal = self._compile(REFUSAL)
        self._validators: dict[tuple[str, ...], Any] = {}
        self.operations = [
            Operation(method.upper(), template, item[method]["responses"])
            for template, item in document["paths"].items()
            for method in METHODS
            if method in item
        ]
        # A word in a path goes before a name that could stand for it.
        by_words = sorted(self.operations, key=lambda one: one.template.count("{"))
        self._patterns = [(re.compile(as_pattern(one.template)), one) for one in by_words]

    def operation(self, method: str, path: str) -> Operation | None:
        """What the file calls this request, if it does; ``path`` starts with /api/v2."""
        path = path.removesuffix(".json")
        return next(
            (
                one
                for pattern, one in self._patterns
                if one.method == method and pattern.fullmatch(path)
            ),
            None,
        )

    def complaints(self, method: str, path: str, status: int, kind: str, body: bytes) -> list[str]:
        """What the file says against an answer; nothing against what it does not describe."""
        if status == 429 and kind == "text/plain":
            return []  # as seen of some limits (reference 1.6)
        operation = self.operation(method, path)
        described = operation.responses.get(str(status)) if operation else None
        found = []
        if status >= 400:
            found += self._against_refusal(status, kind, body)
        elif operation and described is None:
            found.append(f"the file has {list(operation.responses)}, not {status}")
        if operation and described is not None:
            self.checked.add((method, operation.template, status))
            found += self._against(operation, str(status), kind, body)
        return found

    def _against_refusal(self, status: int, kind: str, body: bytes) -> list[str]:
        sent = read(kind, body)
        return [one.message for one in self._refusal.iter_errors(without_nulls(sent))]

    def _against(self, operation: Operation, status: str, kind: str, body: bytes) -> list[str]:
        content = operation.responses[status].get("content")
        if not content:
            return ["the file has no body here"] if body else []
        sent = read(kind, body)
        validator = self._validator(operation, status)
        names = properties(self.document, content["application/json"]["schema"])
        if names and not (isinstance(sent, dict) and names & set(sent)):
            return [f"none of {sorted(names)} is there"]
        return [
            f"{'/'.join(map(str, one.path))}: {one.message}"
            for one in validator.iter_errors(without_nulls(sent))
            if not is_null(sent, one)
        ]

    def _validator(self, operation: Operation, status: str) -> Any:
        place = (
            "paths",
            operation.template,
            operation.method.lower(),
            "responses",
            status,
            "content",
            "application/json",
            "schema",
        )
        if place not in self._validators:
            self._validators[place] = self._compile({"$ref": f"urn:zendesk#{pointer(place)}"})
        return self._validators[place]

    def _compile(self, schema: dict[str, Any]) -> Any:
        formats = OAS30ReadValidator.FORMAT_CHECKER
        return OAS30ReadValidator(schema, registry=self._registry, format_checker=formats)


@cache
def description() -> Description | None:
    """The file, read once a process; None where it is not beside this repo."""
    return Description() if SOURCE.exists() else None


def hold(method: str, path: str, status: int, content_type: str, body: bytes) -> None:
    """Fail when an answer is not what the vendor's file describes; ``path`` is the sandbox's.

    Where the file is not beside this repo nothing is checked, which test_zendesk_openapi.py says
    as its reason to be skipped.
    """
    vendors, kind = description(), content_type.partition(";")[0]
    if vendors and path.startswith("/zendesk/api/v2/"):
        path = path.removeprefix("/zendesk")
        found = vendors.complaints(method, path, status, kind, body)
        assert not found, f"{method} {path} {status}: {found} in {body[:2000]!r}"


def put(document: Any, place: tuple[str, ...], value: Any) -> None:
    """Set what is at ``place``; all but its last step must be there."""
    *way, last = place
    for step in way:
        document = document[step]
    document[last] = value


def pointer(place: tuple[str, ...]) -> str:
    """The JSON pointer to a place, as a URL's fragment."""
    return "".join(
        "/" + quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in place
    )


def as_pattern(template: str) -> str:
    return re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))


def properties(document: Any, schema: Any) -> set[str]:
    """The names at the top of a schema."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return properties(document, document["components"]["schemas"][name])
    names = set(schema.get("properties", ()))
    return names.union(*(properties(document, one) for one in schema.get("allOf", ())))


def read(kind: str, body: bytes) -> Any:
    """The JSON of a body; no body at all is the file's "Empty response", an empty string."""
    if not body:
        return ""
    return json.loads(body) if kind == "application/json" else f"a body of type {kind}"


def is_null(sent: Any, error: Any) -> bool:
    """Whether what is said to be missing is there, and null."""
    if error.validator != "required":
        return False
    place = sent
    for key in error.path:
        place = place[key]
    missing = [key for key in error.validator_value if place.get(key, 0) is None]
    return any(f"'{key}'" in error.message for key in missing)


def without_nulls(value: Any) -> Any:
    """The file calls fields not nullable that recorded traffic shows as null."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value

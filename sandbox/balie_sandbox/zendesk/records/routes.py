"""Lists, shows, makes, changes and deletes the records of a kind."""

from collections.abc import Iterable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import api_url, created, envelope, route, shown
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.records.model import Kind, Record, Records

ALL = ("list", "show", "create", "update", "delete")


def add_record_routes(
    blueprint: Blueprint,
    account: ZendeskAccount,
    kind: Kind,
    doings: tuple[str, ...] = ALL,
    made: int = 201,
) -> None:
    """The usual routes at /<plural>. `made` is the status of a creation, 200 for some kinds."""
    base, one = f"/{kind.plural}", f"/{kind.plural}/<int:key>"

    def list_() -> ResponseReturnValue:
        store = account.catalog.of(kind)
        return listed(store, store)

    def show(key: int) -> ResponseReturnValue:
        store = account.catalog.of(kind)
        return shown({kind.singular: shape(store, store.get(key))})

    def create() -> ResponseReturnValue:
        store = account.catalog.of(kind)
        shown_ = shape(store, store.create(envelope(kind.singular)))
        if made == 200:
            return shown({kind.singular: shown_})
        return created({kind.singular: shown_}, shown_["url"])

    def update(key: int) -> ResponseReturnValue:
        store = account.catalog.of(kind)
        record = store.update(store.get(key), envelope(kind.singular))
        return shown({kind.singular: shape(store, record)})

    def delete(key: int) -> ResponseReturnValue:
        store = account.catalog.of(kind)
        store.delete(store.get(key))
        return "", 204

    for doing, method, rule, handler in (
        ("list", "GET", base, list_),
        ("show", "GET", one, show),
        ("create", "POST", base, create),
        ("update", "PUT", one, update),
        ("delete", "DELETE", one, delete),
    ):
        if doing in doings:
            route(blueprint, method, rule)(handler)


def shape(store: Records, record: Record) -> Json:
    return store.shape(record, api_url())


def listed(store: Records, rows: Iterable[Record], key: str | None = None) -> ResponseReturnValue:
    """A page of records, by cursor or offset, under the kind's name unless told otherwise."""

    def show(record: Record) -> Json:
        return shape(store, record)

    name = key or store.kind.rows or store.kind.plural
    return shown(page(list(rows), request.args, request.base_url, name, show))

"""/organizations and who belongs to them."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.gateway import (
    api_url,
    created,
    envelope,
    route,
    shown,
    wanted_ids,
)
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.records import kinds
from balie_sandbox.zendesk.records.model import Record
from balie_sandbox.zendesk.records.routes import add_record_routes, listed, shape
from balie_sandbox.zendesk.users.rendering import user_json


def add_organization_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    add_record_routes(blueprint, account, kinds.ORGANIZATIONS)
    add_record_routes(
        blueprint, account, kinds.ORGANIZATION_MEMBERSHIPS, ("list", "show", "delete")
    )
    _add_finding(blueprint, account)
    _add_members(blueprint, account)


def _add_finding(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/organizations/search")
    def search() -> ResponseReturnValue:
        """By external_id or by the whole name."""
        external_id, name = request.args.get("external_id"), request.args.get("name", "").lower()
        store = account.catalog.organizations
        if external_id is not None:
            return listed(store, store.where("external_id", external_id))
        return listed(store, [one for one in store if str(one.values["name"]).lower() == name])

    @route(blueprint, "GET", "/organizations/autocomplete")
    def autocomplete() -> ResponseReturnValue:
        start, store = request.args.get("name", "").lower(), account.catalog.organizations
        rows = [one for one in store if str(one.values["name"]).lower().startswith(start)]
        return listed(store, rows)

    @route(blueprint, "GET", "/organizations/show_many")
    def show_many() -> ResponseReturnValue:
        store = account.catalog.organizations
        found = [store.find(key) for key in wanted_ids()]
        for name in filter(None, request.args.get("external_ids", "").split(",")):
            found += store.where("external_id", name)
        return listed(store, [one for one in found if one])

    @route(blueprint, "POST", "/organizations/create_or_update")
    def create_or_update() -> ResponseReturnValue:
        """Matches on id or external_id."""
        sent, store = envelope("organization"), account.catalog.organizations
        known = store.where("external_id", sent.get("external_id")) if "external_id" in sent else []
        if known:
            return shown({"organization": shape(store, store.update(known[0], sent))})
        made = shape(store, store.create(sent))
        return created({"organization": made}, made["url"])

    @route(blueprint, "GET", "/organizations/count")
    def count() -> ResponseReturnValue:
        value = len(list(account.catalog.organizations))
        return shown({"count": {"value": value, "refreshed_at": None}})


def _add_members(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def of_user(user_id: int) -> list[Record]:
        account.users.get(user_id)
        return account.catalog.organization_memberships.where("user_id", user_id)

    @route(blueprint, "POST", "/organization_memberships")
    def join() -> ResponseReturnValue:
        store = account.catalog.organization_memberships
        made = store.create(envelope("organization_membership"))
        user = account.users.get(made.values["user_id"])
        organization = account.catalog.organizations.get(made.values["organization_id"])
        if user.organization_id is None or made.values["default"]:
            user.organization_id = organization.id
            account.user_written(user)
        found = shape(store, made)
        return created({"organization_membership": found}, found["url"])

    @route(blueprint, "GET", "/users/<int:user_id>/organization_memberships")
    def memberships(user_id: int) -> ResponseReturnValue:
        return listed(account.catalog.organization_memberships, of_user(user_id))

    @route(blueprint, "GET", "/users/<int:user_id>/organizations")
    def organizations(user_id: int) -> ResponseReturnValue:
        store = account.catalog.organizations
        own = account.users.get(user_id).organization_id
        keys = {own, *(one.values["organization_id"] for one in of_user(user_id))}
        return listed(store, [one for one in store if one.id in keys])

    @route(blueprint, "GET", "/organizations/<int:key>/users")
    def members(key: int) -> ResponseReturnValue:
        account.catalog.organizations.get(key)
        rows = [one for one in account.users if one.active and one.organization_id == key]
        args, url = request.args, request.base_url
        return shown(page(rows, args, url, "users", lambda one: user_json(one, api_url())))

    @route(blueprint, "GET", "/organizations/<int:key>/related")
    def related(key: int) -> ResponseReturnValue:
        account.catalog.organizations.get(key)
        users = sum(one.organization_id == key for one in account.users)
        tickets = sum(one.organization_id == key for one in account.tickets)
        return shown({"organization_related": {"users_count": users, "tickets_count": tickets}})

"""Which fields the app hears: messages, and what happens to the account."""

from collections.abc import Mapping
from typing import Any

from balie.api import Step
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.untrusted import mappings, one_line

FIELDS = ("Velden van de app", "The app's fields")
_OBJECT = "whatsapp_business_account"
WANTED = (
    *("messages", "account_alerts", "account_review_update", "account_update", "calls"),
    *("business_capability_update", "group_lifecycle_update", "group_participants_update"),
    *("group_settings_update", "group_status_update", "history", "smb_message_echoes"),
    *("message_template_components_update", "message_template_quality_update"),
    *("message_template_status_update", "phone_number_name_update", "security"),
    *("phone_number_quality_update", "template_category_update", "user_preferences"),
)


def check_fields(bench: Bench) -> Step:
    """Look which fields the app hears. They are the app's, which may serve others too.

    Only an app that nobody has set up yet gets this connection's address.
    """
    if not bench.app_id:
        return bench.done(
            FIELDS,
            "Kijk in het dashboard van de app of het veld messages aan staat.",
            "Look in the app's dashboard whether the field messages is switched on.",
        )
    app_token = f"{bench.app_id}|{bench.ctx.config['app_secret']}"
    path = f"{bench.app_id}/subscriptions"
    answer = bench.client.read(path, token=app_token)
    found = [each for each in mappings(answer.get("data")) if each.get("object") == _OBJECT]
    url = one_line(found[0].get("callback_url"), 500) if found else ""
    names = {
        one_line(field.get("name") if isinstance(field, Mapping) else field, 60)
        for each in found
        for field in _list(each.get("fields"))
    }
    if found and url != bench.ctx.hook_url:
        return _others(bench, url, names)
    if not set(WANTED) <= names:
        _ask_for(bench, path, app_token, names | set(WANTED))
    return bench.done(
        FIELDS,
        "Alle velden staan aan, ook die over het account en de sjablonen.",
        "All fields are switched on, those of the account and the templates too.",
    )


def _ask_for(bench: Bench, path: str, app_token: str, names: set[str]) -> None:
    body = {
        "object": _OBJECT,
        "callback_url": bench.ctx.hook_url,
        "verify_token": bench.ctx.config["verify_token"],
        "fields": ",".join(sorted(names)),
    }
    bench.client.write(path, body, token=app_token)


def _others(bench: Bench, url: str, names: set[str]) -> Step:
    if "messages" not in names:
        return bench.wrong(
            FIELDS,
            "Het veld messages staat uit: er komt geen bericht binnen. Zet het aan in het "
            "dashboard van de app.",
            "The field messages is switched off: no message comes in. Switch it on in the app's "
            "dashboard.",
        )
    return bench.done(
        FIELDS,
        f"Wat Meta over het account en de sjablonen meldt, gaat naar {url}; sjablonen worden elk "
        "uur gelezen.",
        f"What Meta tells of the account and the templates goes to {url}; templates are read "
        "every hour.",
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

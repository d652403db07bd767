"""What Meta decides about templates, and the webhooks that tell of it (reference 5, 6.5)."""

from typing import Any

import gevent

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.model import Waba
from balie_sandbox.graph.notify import announce_account

from .model import Template

REASONS = {"REJECTED": "INVALID_FORMAT"}
#: What other_info says of a pause, first and second time.
PAUSES = ("FIRST_PAUSE", "SECOND_PAUSE")


def waba_of(account: GraphAccount, template: Template) -> Waba:
    """Return the template's account."""
    return account.wabas[template.waba_id]


def named(template: Template) -> dict[str, Any]:
    """Return how every webhook names the template; its id is a number there."""
    return {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def start_review(account: GraphAccount, template: Template) -> None:
    """Decide after a while, as the settings say; "hold" leaves it to the control."""
    decision = {"approve": "APPROVED", "reject": "REJECTED"}.get(account.settings.review)
    if decision is None:
        return

    def decide() -> None:
        # Meanwhile it may be deleted, or decided by the control.
        if account.templates.get(template.id) is template and template.status == "PENDING":
            set_status(account, template, decision)

    gevent.spawn_later(account.settings.review_seconds, decide)


def set_status(
    account: GraphAccount,
    template: Template,
    status: str,
    *,
    event: str | None = None,
    reason: str | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    """Set the status and tell the account's apps. ``more`` is put into the webhook."""
    template.status = status
    template.was_approved = template.was_approved or status == "APPROVED"
    why = reason or REASONS.get(status, "NONE")
    template.rejected_reason = why if status == "REJECTED" else "NONE"
    value: dict[str, Any] = {"event": event or status} | named(template)
    value |= {"reason": why, "message_template_category": template.category}
    if status == "PAUSED":
        value["other_info"] = {
            "title": PAUSES[0],
            "description": "The template was paused because customers gave negative feedback.",
        }
    if status == "DISABLED":
        until = account.clock.now().strftime("%B %d, %Y")
        value["disable_info"] = {"disable_date": until}
    if status == "REJECTED":
        value["rejection_info"] = {
            "reason": "The template does not fit its category or its format is not right.",
            "recommendation": "Change the template and send it again.",
        }
    announce_account(
        account,
        waba_of(account, template),
        "message_template_status_update",
        value | (more or {}),
    )


def set_quality(account: GraphAccount, template: Template, quality: str) -> None:
    """Set the quality and tell the account's apps."""
    value = {
        "previous_quality_score": template.quality,
        "new_quality_score": quality,
    } | named(template)
    template.quality = quality
    waba = waba_of(account, template)
    announce_account(account, waba, "message_template_quality_update", value)


def set_category(account: GraphAccount, template: Template, category: str, *, later: bool) -> None:
    """Change the category, or with ``later`` announce it a day ahead."""
    value = named(template)
    if later:
        template.correct_category = category
        at = int(account.clock.now().timestamp()) + 86400
        value |= {
            "correct_category": category,
            "new_category": template.category,
            "category_update_timestamp": at,
        }
    else:
        value |= {"previous_category": template.category, "new_category": category}
        template.previous_category = template.category
        template.category, template.correct_category = category, None
    announce_account(account, waba_of(account, template), "template_category_update", value)


def tell_components(account: GraphAccount, template: Template) -> None:
    """Tell the account's apps what the template looks like now."""
    header = template.text_of("HEADER")
    value = named(template) | {"message_template_element": template.text_of("BODY")}
    if header:
        value["message_template_title"] = header
    if template.text_of("FOOTER"):
        value["message_template_footer"] = template.text_of("FOOTER")
    if template.buttons:
        value["message_template_buttons"] = [button_named(one) for one in template.buttons]
    waba = waba_of(account, template)
    announce_account(account, waba, "message_template_components_update", value)


def button_named(button: dict[str, Any]) -> dict[str, Any]:
    """Return a button as the components webhook shows it."""
    shown = {
        "message_template_button_type": button["type"],
        "message_template_button_text": button["text"],
    }
    for key in ("url", "phone_number"):
        if key in button:
            shown[f"message_template_button_{key}"] = button[key]
    return shown

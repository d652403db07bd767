"""The routes of templates: list, create, edit, delete (reference/whatsapp.md 6.5)."""

import re
from datetime import timedelta
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError, invalid_parameter
from balie_sandbox.graph.fields import pick
from balie_sandbox.graph.model import App, Waba
from balie_sandbox.graph.paging import paged
from balie_sandbox.graph.parameters import Parameters, required_text, text_of

from .model import Template
from .review import set_status, start_review, tell_components
from .rules import CATEGORIES, checked_components, refused

CREATIONS_PER_HOUR = 100
MOST_TEMPLATES = 6000
LOCKED_FOR = timedelta(days=30)
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
EDITS = ((timedelta(hours=24), 1), (timedelta(days=30), 10))
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
USUAL_FIELDS = ("name", "parameter_format", "components", "language", "status", "category", "id")
FILTERS = ("status", "category", "language", "name", "quality_score")


def as_json(template: Template) -> dict[str, Any]:
    """Return every field of a template; what it does not have is left out."""
    date = int(template.made_at.timestamp())
    shown = {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "components": template.components,
        "parameter_format": template.parameter_format,
        "quality_score": {"score": template.quality, "date": date},
        "rejected_reason": template.rejected_reason,
        "previous_category": template.previous_category,
        "correct_category": template.correct_category,
        "message_send_ttl_seconds": template.ttl_seconds,
        "last_updated_time": (template.edited_at or [template.made_at])[-1].isoformat(),
    }
    return {key: value for key, value in shown.items() if value is not None}


#: Fields that exist and may have no value.
EMPTY_FIELDS = frozenset(
    {
        "correct_category",
        "cta_url_link_tracking_opted_out",
        "degrees_of_freedom_spec",
        "display_format",
        "library_template_name",
        "message_send_ttl_seconds",
        "previous_category",
        "sub_category",
    }
)


def show(template: Template, found: Parameters) -> dict[str, Any]:
    """GET /{template-id}. Raises code 100."""
    return pick(as_json(template), USUAL_FIELDS, found, "MessageTemplate", EMPTY_FIELDS)


def list_templates(
    account: GraphAccount, _app: App, waba: Waba, found: Parameters
) -> dict[str, Any]:
    """GET /{waba-id}/message_templates, filtered and in pages."""
    own = [one for one in account.templates.values() if one.waba_id == waba.id]
    wanted = [one for one in own if fits(one, found)]
    answer = paged([show(one, found) for one in wanted], found)
    if "summary" in found:
        totals = {
            "message_template_count": len(own),
            "message_template_limit": MOST_TEMPLATES,
            "total_count": len(wanted),
            "are_translations_complete": True,
        }
        asked = (text_of(found, "summary") or "").split(",")
        answer["summary"] = {key: totals[key] for key in asked if key in totals}
    return answer


def fits(template: Template, found: Parameters) -> bool:
    """Say whether the template is among those asked for; several values stand in a list."""
    shown = as_json(template) | {"quality_score": template.quality}
    for key in FILTERS:
        asked = found.get(key)
        values = asked if isinstance(asked, list) else str(asked).split(",")
        if asked is not None and str(shown[key]).lower() not in [str(v).lower() for v in values]:
            return False
    words = text_of(found, "name_or_content")
    return words is None or words.lower() in f"{template.name} {template.text_of('BODY')}".lower()


def create(account: GraphAccount, _app: App, waba: Waba, found: Parameters) -> dict[str, Any]:
    """POST /{waba-id}/message_templates. Raises code 100 with sub-codes, and 80007."""
    name, language = required_text(found, "name"), required_text(found, "language")
    category = required_text(found, "category").upper()
    if not NAME.fullmatch(name):
        raise invalid_parameter("Param name must be made of a-z, 0-9 and _, at most 512 of them.")
    if not LANGUAGE.fullmatch(language):
        raise invalid_parameter("Param language must be a language code such as nl or en_US.")
    if category not in CATEGORIES:
        raise invalid_parameter(f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
    components = found.get("components")
    if not isinstance(components, list) or not components:
        raise invalid_parameter("The parameter components is required.")
    check_room(account, waba, name, language)
    template = Template(
        account.ids.numeric(16),
        waba.id,
        name,
        language,
        category,
        checked_components(components, category),
        account.clock.now(),
        parameter_format=(text_of(found, "parameter_format") or "POSITIONAL").upper(),
        ttl_seconds=ttl_of(found),
    )
    account.templates[template.id] = template
    start_review(account, template)
    return {"id": template.id, "status": template.status, "category": template.category}


def ttl_of(found: Parameters) -> int | None:
    """Return message_send_ttl_seconds. Raises code 100."""
    value = found.get("message_send_ttl_seconds")
    if value is None:
        return None
    text = str(value)
    if not re.fullmatch(r"-1|\d{1,7}", text):
        raise invalid_parameter("Param message_send_ttl_seconds must be a number.")
    return int(text)


def check_room(account: GraphAccount, waba: Waba, name: str, language: str) -> None:
    """Refuse a name that is taken or locked, and one template too many."""
    now = account.clock.now()
    own = [one for one in account.templates.values() if one.waba_id == waba.id]
    if any((one.name, one.language) == (name, language) for one in own):
        raise refused(
            2388024,
            "Content in this language already exists",
            f"There is already {language} content for this template.",
        )
    locked_at = account.locked_names.get((waba.id, name))
    if locked_at is not None and now - locked_at < LOCKED_FOR:
        raise refused(
            2388023,
            "Message template language is being deleted",
            "New content cannot be added while the existing content is being deleted.",
        )
    if len(own) >= MOST_TEMPLATES:
        raise refused(2388019, "Template limit exceeded", f"{MOST_TEMPLATES} is the limit.")
    if account.limits.take(f"templates {waba.id}", now, CREATIONS_PER_HOUR, 3600) is None:
        raise GraphError(80007)


def edit(account: GraphAccount, template: Template, found: Parameters) -> dict[str, Any]:
    """POST /{template-id}: change it, which sends it into review again. Raises code 100."""
    if template.status not in EDITABLE:
        raise refused(
            2388039, "Template cannot be edited", "Only approved, rejected and paused ones can."
        )
    now = account.clock.now()
    for span, most in EDITS if template.status == "APPROVED" else ():
        if sum(now - at < span for at in template.edited_at) >= most:
            raise refused(2388039, "Template cannot be edited", "It was edited too often.")
    category = (text_of(found, "category") or template.category).upper()
    if category not in CATEGORIES:
        raise invalid_parameter(f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
    if category != template.category and template.status == "APPROVED":
        raise refused(2388039, "Category cannot be changed", "The template is approved.")
    components = found.get("components")
    if components is not None:
        if not isinstance(components, list):
            raise invalid_parameter("Param components must be an array.")
        template.components = checked_components(components, category)
    template.category = category
    template.ttl_seconds = ttl_of(found) or template.ttl_seconds
    template.edited_at.append(now)
    template.status = "PENDING"
    tell_components(account, template)
    start_review(account, template)
    return {
        "success": True,
        "id": template.id,
        "name": template.name,
        "category": template.category,
    }


def delete(account: GraphAccount, _app: App, waba: Waba, found: Parameters) -> dict[str, Any]:
    """DELETE /{waba-id}/message_templates: all languages of a name, or one by hsm_id."""
    name, id_ = text_of(found, "name"), text_of(found, "hsm_id")
    if not name:
        raise invalid_parameter("The parameter name is required.")
    doomed = [
        one
        for one in account.templates.values()
        if (one.waba_id, one.name) == (waba.id, name) and id_ in (None, one.id)
    ]
    if not doomed:
        raise refused(2593002, "Message Template Not Found", "There is no template of that name.")
    for template in doomed:
        del account.templates[template.id]
        if template.was_approved:
            account.locked_names[waba.id, name] = account.clock.now()
        set_status(account, template, "DELETED")
    return {"success": True}


def unpause(account: GraphAccount, _app: App, template: Template, _: Parameters) -> dict[str, Any]:
    """POST /{template-id}/unpause."""
    if template.status != "PAUSED":
        return {"success": False, "reason": "The template is not paused."}
    more = {"other_info": {"title": "UNPAUSED", "description": "The template was unpaused."}}
    set_status(account, template, "APPROVED", more=more)
    return {"success": True}

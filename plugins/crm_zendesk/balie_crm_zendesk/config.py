"""A Zendesk connection's settings."""

from marshmallow import fields, validate

from .answers.settings import Answers
from .auth.settings import SigningIn
from .customers.settings import Customers
from .privacy.settings import Privacy
from .tickets.rules import TicketRules


class ZendeskConfig(SigningIn, Answers, Customers, TicketRules, Privacy):
    """Where the Zendesk is, how to sign in there, and how the tenant wants its tickets."""

    delivery_field_id = fields.Integer(
        metadata={
            "description": "The ticket field that says what became of an answer. Setting up makes"
            " it and fills this in."
        },
    )
    trace_field_id = fields.Integer(
        metadata={
            "description": "The ticket field with what balie trace takes. Setting up makes it and"
            " fills this in."
        },
    )
    reconcile_seconds = fields.Float(
        load_default=60.0,
        validate=validate.Range(1, 3600, error="is to be from 1 to 3600 seconds."),
        metadata={
            "description": "Seconds a comment whose answer was lost may take to show, before it is"
            " written again. Longer than Zendesk works at any request."
        },
    )

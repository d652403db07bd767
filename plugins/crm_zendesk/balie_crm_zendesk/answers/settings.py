"""Settings for what comes back from agents."""

from enum import StrEnum

from marshmallow import fields, validate

from balie.api import AllowedHosts, ConfigSchema, Secret


class Heard(StrEnum):
    """How Zendesk tells Balie that something happened."""

    TRIGGERS = "triggers"
    EVENTS = "events"


class Answers(ConfigSchema):
    """Settings for webhooks and files."""

    webhook_secret = Secret(
        metadata={
            "description": "The webhook's signing secret. Setting up reads it from Zendesk; until"
            " then no webhook is believed."
        },
    )
    tag = fields.String(
        load_default="balie",
        validate=validate.Regexp(
            r"[a-z0-9_-]{1,80}\Z", error="holds more than a-z, 0-9, _ and -, or is too long."
        ),
        metadata={"description": "The tag on every ticket Balie makes; the trigger looks for it."},
    )
    heard_by = fields.String(
        load_default=str(Heard.TRIGGERS),
        validate=validate.OneOf([*Heard], error="is neither triggers nor events."),
        metadata={
            "description": "triggers: setting up makes triggers that call Balie. events: it"
            " subscribes to Zendesk's own ticket events, for all tickets of the account."
        },
    )
    api_answers = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether public comments that other tools post by API in an agent's"
            " name are answers too."
        },
    )
    reconcile_every = fields.Float(
        load_default=90.0,
        validate=validate.Range(1, 3600, error="is to be from 1 to 3600 seconds."),
        metadata={
            "description": "Seconds between two looks for answers whose webhook was lost."
            " Zendesk allows ten looks a minute to all who ask it."
        },
    )
    file_link_days = fields.Float(
        load_default=30.0,
        validate=validate.Range(
            0, 365, min_inclusive=False, error="is to be more than 0 days and at most 365."
        ),
        metadata={
            "description": "For how many days a file that is too large for Zendesk, or for the"
            " customer's channel, can be fetched by its link."
        },
    )
    file_hosts = AllowedHosts(
        load_default="*.zdusercontent.com",
        metadata={
            "description": "Where agents' files may be fetched beside your Zendesk itself. Add the"
            " address of your help center where it has its own."
        },
    )

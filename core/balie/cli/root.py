"""The command's root: groups, and errors as sentences."""

import sys

import click

from balie.api import BalieError
from balie.cli import (
    connections,
    contacts,
    costs,
    fixtures,
    ledger,
    maintenance,
    privacy,
    serving,
    setting_up,
    templates,
    tenants,
    tracing,
)
from balie.cli.demo import demo
from balie.run import logging
from balie.store import StoreUnavailable
from balie.tenants.secrets import SealBroken


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="balie")
def balie() -> None:
    """Balie puts WhatsApp and live chat into the helpdesk a team already has."""


for command in (
    serving.serve,
    serving.web,
    serving.worker,
    serving.scheduler,
    serving.sandbox,
    demo,
    tenants.tenant,
    connections.connection,
    tenants.plugin,
    ledger.ledger,
    tracing.trace,
    fixtures.fixture,
    templates.template,
    costs.costs,
    contacts.contact,
    maintenance.db,
    maintenance.doctor,
):
    balie.add_command(command)


connections.connection.add_command(setting_up.setup)
connections.connection.add_command(setting_up.notices)
contacts.contact.add_command(privacy.export)
contacts.contact.add_command(privacy.erase)


def main() -> None:
    """Run the command; what Balie refuses is said in a sentence, with exit code 1."""
    logging.configure("warning")
    try:
        # Without standalone mode click returns the code of an Exit instead of ending with it.
        sys.exit(balie.main(standalone_mode=False))
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (BalieError, StoreUnavailable, SealBroken) as error:
        click.echo(f"balie: {error}", err=True)
        sys.exit(1)

"""``balie trace``: where is this message?"""

import click

from balie.cli.output import json_option, print_json
from balie.cli.session import services
from balie.desk.trace import trace as find


@click.command()
@click.argument("message")
@click.option("--tenant", default=None, help="Only this tenant. Default: all.")
@json_option
def trace(message: str, tenant: str | None, *, as_json: bool) -> None:
    """Tell the story of MESSAGE: the channel's id (wamid...), Balie's number, or a comment's id.

    balie-12-64bb2a13d5c00, the ticket's field balie_trace, tells of the last messages in it.
    """
    with services() as balie:
        tenant_id = None if tenant is None else balie.directory.tenant(tenant).id
        with balie.store.reading() as session:
            stories = find(session, tenant_id, message)
    if as_json:
        print_json(stories)
    elif not stories:
        click.echo("Never seen here. If the sender did send it, look at the webhook's address.")
    else:
        for story in stories:
            _tell(story)
    if not stories:
        raise click.exceptions.Exit(1)


def _tell(story: dict[str, object]) -> None:
    for name, value in story.items():
        if isinstance(value, list):
            click.echo(f"{name}:")
            for entry in value:
                facts = "  ".join(
                    f"{key}={fact}" for key, fact in entry.items() if fact is not None
                )
                click.echo(f"  {facts}")
        elif value is not None:
            click.echo(f"{name}: {value}")

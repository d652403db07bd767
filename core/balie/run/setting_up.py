"""Setting a connection up at its vendor: what is there stays or is put right."""

from balie.api import BalieError, ConfigInvalid, SetUp, Step
from balie.desk.templates.sync import HOOK as TEMPLATES
from balie.run.services import Services
from balie.tenants.models import ConnectionRow


def set_up(balie: Services, tenant: str, slug: str) -> list[Step]:
    """Prepare the vendor's side, keep what was learned, and read the templates.

    Returns what each step did, or what to do where it failed. Raises NotThere.
    """
    row = balie.directory.connection(tenant, slug)
    found = _prepared(balie, row)
    return [*found.steps, *_kept(balie, tenant, slug, found), *_templates(balie, row)]


def _prepared(balie: Services, row: ConnectionRow) -> SetUp:
    try:
        return balie.hooks.connection_setup(balie.contexts.get(row.id).ctx)
    except BalieError as error:
        return SetUp(steps=(Step(name="setup", ok=False, text=str(error)),))


def _kept(balie: Services, tenant: str, slug: str, found: SetUp) -> list[Step]:
    """Keep what was learned, through the plugin's own schema."""
    if not found.learned:
        return []
    names = ", ".join(sorted(found.learned))
    try:
        balie.directory.set_config(tenant, slug, found.learned)
    except ConfigInvalid as error:
        return [Step(name="settings", ok=False, text=f"what was learned is refused: {error}")]
    return [Step(name="settings", ok=True, text=f"kept: {names}")]


def _templates(balie: Services, row: ConnectionRow) -> list[Step]:
    if balie.registry.function(row.plugin, TEMPLATES) is None:
        return []
    try:
        number = balie.templates.sync(row.id)
    except BalieError as error:
        return [Step(name="templates", ok=False, text=str(error))]
    return [Step(name="templates", ok=True, text=f"{number} read")]

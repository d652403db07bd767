"""Which bus the settings name."""

from functools import partial

from sqlalchemy.engine import make_url

from balie.run.bus.local import LocalBus
from balie.run.bus.shared import SharedBus
from balie.run.settings import DATABASE, MEMORY, Settings, SettingsInvalid


def bus_of(settings: Settings) -> LocalBus:
    """Return the bus beside the queue of wake-ups, not connected.

    Raises SettingsInvalid where its client is not installed.
    """
    if settings.queue_url == MEMORY:
        return LocalBus()
    url = settings.database_url if settings.queue_url == DATABASE else settings.queue_url
    address = make_url(url)
    try:
        if address.get_backend_name() == "postgresql":
            plain = address.set(drivername="postgresql").render_as_string(False)
            return _postgresql(plain)
        return _redis(url)
    except ImportError as error:
        raise SettingsInvalid(f"BALIE_QUEUE_URL: {error.name} is not installed") from error


def _postgresql(url: str) -> SharedBus:
    from balie.run.bus.postgresql import PostgresqlCarrier  # noqa: PLC0415 -- an extra

    return SharedBus(partial(PostgresqlCarrier, url))


def _redis(url: str) -> SharedBus:
    from balie.run.bus.redis import RedisCarrier  # noqa: PLC0415 -- an extra

    return SharedBus(partial(RedisCarrier, url))

"""Which queue the settings name."""

from sqlalchemy.engine import make_url

from balie.run.queue_outbox import Wakes
from balie.run.settings import DATABASE, MEMORY, Settings, SettingsInvalid


def wakes_of(settings: Settings) -> Wakes | None:
    """Return the shared queue, not connected; None where wake-ups stay in the process.

    Raises SettingsInvalid where its client is not installed or its address cannot be read.
    """
    if settings.queue_url == MEMORY:
        return None
    url = settings.database_url if settings.queue_url == DATABASE else settings.queue_url
    address = make_url(url)
    try:
        if address.get_backend_name() == "postgresql":
            return _postgresql(address.set(drivername="postgresql").render_as_string(False))
        return _redis(url)
    except ImportError as error:
        raise SettingsInvalid(
            f"BALIE_QUEUE_URL: {error.name} is not installed; install balie[redis] for Redis, "
            "balie[postgresql] for PostgreSQL"
        ) from error
    except ValueError as error:
        raise SettingsInvalid(f"BALIE_QUEUE_URL: its address cannot be read: {error}") from error


def _postgresql(url: str) -> Wakes:
    from balie.run.queue_postgresql import PostgresqlWakes  # noqa: PLC0415 -- an extra

    return PostgresqlWakes(url)


def _redis(url: str) -> Wakes:
    from balie.run.queue_redis import RedisWakes  # noqa: PLC0415 -- an extra

    return RedisWakes(url)

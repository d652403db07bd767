"""The errors that dispatch itself speaks in, beside those that plugins raise."""

from balie.api import BalieError, PermanentError, TransientError


class RegistrationRefused(BalieError):
    """A plugin does not keep the contract. The message names it and says what to write instead."""


class UnknownPlugin(TransientError):
    """No plugin of this id is loaded. It waits, for an admin may put the plugin right."""


class ConnectionDisabled(TransientError):
    """The connection is switched off. Its lanes wait until it is switched on."""


class NotImplementedByPlugin(PermanentError):
    """The connection's plugin has no such hook, so asking again is of no use."""

"""Read typed fields of a request element, refusing what is not JSON of that type.

``null`` counts as absent. A wrong type refuses the whole call (PostDataInvalidException).
"""

from decimal import Decimal

from .errors import Invalid, unreadable
from .wire import is_guid, parse_day

HUGE = 10 ** 12


def obj(element, key):
    """The object at ``key``, or None."""
    return _typed(element, key, dict, "object")


def array(element, key):
    """The list of objects at ``key``, or None."""
    value = _typed(element, key, list, "array")
    if value is not None and not all(isinstance(item, dict) for item in value):
        raise unreadable(f"Error converting value in '{key}' to an object.")
    return value


def text(element, key, limit=None):
    """The text at ``key``, or None.

    :raises Invalid: when it is longer than ``limit`` characters.
    """
    value = _typed(element, key, str, "string")
    if value is not None and limit and len(value) > limit:
        raise Invalid(f"The field {key} must be a string with a maximum length of {limit}.")
    return value


def flag(element, key):
    """The boolean at ``key``, or None."""
    return _typed(element, key, bool, "boolean")


def number(element, key):
    """The number at ``key`` as Decimal, or None; numbers that no books hold are unreadable."""
    value = element.get(key)
    if value is None:
        return None
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool) and abs(value) < HUGE:
        return Decimal(value)
    raise unreadable(f"Could not convert to decimal: {value}. Path '{key}'.")


def day(element, key):
    """The civil date at ``key`` as ``YYYY-MM-DD``, or None."""
    value = _typed(element, key, str, "date")
    if not value:
        return None
    try:
        return parse_day(value)
    except ValueError:
        raise unreadable(f"Could not convert string to DateTime: {value}. Path '{key}'.") from None


def guid(element, key):
    """The GUID at ``key`` in lower case, or None."""
    value = _typed(element, key, str, "Guid")
    if not value:
        return None
    if not is_guid(value):
        raise unreadable(f"Error converting value \"{value}\" to type 'System.Guid'. Path '{key}'.")
    return value.lower()


def choice(element, key, allowed):
    """The text at ``key``, one of ``allowed``, or None."""
    value = _typed(element, key, str, "string")
    if value is not None and value not in allowed:
        raise unreadable(f"Error converting value \"{value}\" to an enumeration. Path '{key}'.")
    return value


def _typed(element, key, type_, label):
    value = element.get(key)
    if value is not None and not isinstance(value, type_):
        raise unreadable(f"Error converting value {value!r} to type '{label}'. Path '{key}'.")
    return value

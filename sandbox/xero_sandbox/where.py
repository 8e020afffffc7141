"""The ``where`` and ``order`` dialect of list calls (facts, section 2.4).

A subset: comparisons joined by AND / OR and brackets; ``guid("...")``, ``DateTime(y,m,d)``,
text, numbers, true, false, null; ``.StartsWith``, ``.EndsWith``, ``.Contains``.
"""

import re
from datetime import datetime, timezone
from decimal import Decimal

from .errors import BadRequest

_TOKEN = re.compile(
    r'\s*(?:(?P<op>==|!=|>=|<=|>|<|\(|\)|,|&&|\|\||=)|"(?P<text>(?:[^"\\]|\\.)*)"'
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*))")
_METHODS = {
    "StartsWith": str.startswith, "EndsWith": str.endswith, "Contains": str.__contains__,
}
_COMPARE = {
    "==": lambda a, b: a == b, "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b, "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
}


def refuse(message):
    """The 400 that Xero gives for a ``where`` or ``order`` it cannot read."""
    return BadRequest("QueryParseException", message)


def compile_where(text):
    """A function(row getter) -> bool for a ``where`` text.

    The getter takes a path such as ``Contact.Name`` and returns the value or None, and
    raises KeyError for a field that does not exist.
    """
    parser = _Parser(text)
    test = parser.any_of()
    if parser.peek() is not None:
        raise refuse(f"Operator or expression expected at '{parser.peek()[1]}'")
    return test


class _Parser:
    def __init__(self, text):
        self.tokens = []
        position = 0
        text = text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if not found:
                raise refuse(f"Syntax error at position {position}")
            self.tokens.append((found.lastgroup, found.group(found.lastgroup)))
            position = found.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *expected):
        token = self.peek()
        if token is None or (expected and token[1] not in expected):
            raise refuse(f"'{'/'.join(expected) or 'value'}' expected")
        self.at += 1
        return token

    def _joined(self, part, words, combine):
        tests = [part()]
        while self.peek() and self.peek()[1].upper() in words:
            self.take()
            tests.append(part())
        return tests[0] if len(tests) == 1 else lambda get: combine(t(get) for t in tests)

    def any_of(self):
        return self._joined(self.all_of, ("OR", "||"), any)

    def all_of(self):
        return self._joined(self.comparison, ("AND", "&&"), all)

    def comparison(self):
        if self.peek() == ("op", "("):
            self.take()
            test = self.any_of()
            self.take(")")
            return test
        kind, path = self.take()
        if kind != "name":
            raise refuse(f"Field expected at '{path}'")
        field, _dot, method = path.rpartition(".")
        if method in _METHODS:
            return self._method(field, _METHODS[method])
        operator = self.take(*_COMPARE)[1]
        return _comparison(path, _COMPARE[operator], operator, self.value())

    def _method(self, field, function):
        self.take("(")
        kind, text = self.take()
        if kind != "text":
            raise refuse("Text expected")
        self.take(")")
        if self.peek() in (("op", "=="), ("op", "=")):
            self.take()
            self.take("true")
        text = text.casefold()
        return lambda get: function((_field(get, field) or "").casefold(), text)

    def value(self):
        kind, word = self.take()
        if kind == "text":
            return word.replace('\\"', '"')
        if kind == "number":
            return Decimal(word)
        if word in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[word]
        if word.lower() in ("guid", "guid.parse") or word == "DateTime":
            return self._call(word)
        raise refuse(f"No property or field '{word}' exists")

    def _call(self, word):
        self.take("(")
        arguments = [self.take()[1]]
        while self.peek() == ("op", ","):
            self.take()
            arguments.append(self.take()[1])
        self.take(")")
        if word != "DateTime":
            return arguments[0].lower()
        try:
            return datetime(*map(int, arguments), tzinfo=timezone.utc)
        except (TypeError, ValueError):
            raise refuse("Invalid DateTime") from None


def _comparison(path, compare, operator, value):
    def test(get):
        found = _field(get, path)
        if isinstance(value, datetime):
            found = _moment(found)
        elif isinstance(value, str) and isinstance(found, str):
            return compare(found.casefold(), value.casefold())
        if found is None or value is None:
            return compare(found, value) if operator in ("==", "=", "!=") else False
        try:
            return compare(found, value)
        except TypeError:
            raise refuse(f"Operator '{operator}' incompatible with '{path}'") from None
    return test


def _field(get, path):
    try:
        return get(path)
    except KeyError:
        raise refuse(f"No property or field '{path}' exists") from None


def _moment(value):
    if isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, timezone.utc)
    return datetime.fromisoformat(value).replace(tzinfo=timezone.utc) if value else None

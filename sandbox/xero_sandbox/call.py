"""One call of the accounting API, as its endpoint sees it."""

from . import fields, query, wire
from .errors import BadRequest, Invalid, ValidationFailed, unreadable

TRUE = ("true", "1")


class Call:
    """The organisation, the app, the query and the body of a call.

    ``unit_places`` is 4 with ``unitdp=4``, else 2. ``since`` is If-Modified-Since in ms.
    """

    def __init__(self, sandbox, org, app, args, headers, body):
        self.sandbox = sandbox
        self.org = org
        self.app = app
        self.args = args
        self.headers = headers
        self.body = body
        self.unit_places = 4 if args.get("unitdp") == "4" else 2
        self.since = query.modified_since(headers.get("If-Modified-Since"))

    def flag(self, name, default=False):
        """A boolean query parameter; ``True`` and ``true`` both count."""
        value = self.args.get(name)
        return default if value is None else value.lower() in TRUE

    def whole(self, name, default):
        """A whole-number query parameter."""
        try:
            return int(self.args.get(name, default))
        except ValueError:
            raise BadRequest("QueryParseException", f"{name} must be a number") from None

    def ids(self, name):
        """A comma list of GUIDs as a set, or None when absent."""
        values = self.values(name)
        return None if values is None else {value.lower() for value in values}

    def values(self, name):
        """A comma list of texts, or None when absent."""
        text = self.args.get(name)
        return None if text is None else [part.strip() for part in text.split(",") if part.strip()]

    def document(self):
        """The request body as a JSON object or array.

        :raises ApiError: PostDataInvalidException when it is not.
        """
        try:
            body = wire.load(self.body)
        except (ValueError, RecursionError):
            raise unreadable("Unexpected character encountered while parsing value.") from None
        if not isinstance(body, (dict, list)):
            raise unreadable("Cannot deserialize the current JSON.")
        return body

    def elements(self, plural):
        """The elements of a write: the envelope (its key in any case), a bare object or a list."""
        body = self.document()
        if isinstance(body, dict):
            keys = [key for key in body if key.lower() == plural.lower()]
            body = fields.array(body, keys[0]) if keys else [body]
        if not body or body == [{}]:
            raise BadRequest("NoDataProcessedException",
                             "No data has been processed for this endpoint. This endpoint is"
                             f" expecting {plural[:-1]} data to be specified in the request body.")
        if not all(isinstance(element, dict) for element in body):
            raise unreadable("Cannot deserialize the current JSON array.")
        return body

    def batch(self, plural, save, id_field, error_flag=None, single=False):
        """Run a list write in the mode of ``summarizeErrors`` (facts, sections 2.5 and 3.1).

        :param save: function(call, element) -> (answer element, warnings), raises Invalid.
        :param error_flag: HasErrors or HasValidationErrors, as the specification has it.
        :returns: the payload of a 200; nothing is kept when it raises.
        """
        elements = self.elements(plural)
        if single and len(elements) != 1:
            raise BadRequest("NoDataProcessedException", "Exactly one element is expected.")
        summarize = self.flag("summarizeErrors", True)
        answers, refused = [], []
        with self.org.transaction() as undo:
            for element in elements:
                mark = undo.mark()
                try:
                    answers.append(accepted(*save(self, element), error_flag))
                except Invalid as error:
                    undo.rollback(mark)
                    answers.append(echo(element, error.messages, id_field, error_flag))
                    refused.append(answers[-1])
            if refused and summarize:
                raise ValidationFailed(refused)
        return {plural: answers}

    def one(self, plural, save):
        """Run a write whose list holds one element, and whose answer carries no status.

        :param save: function(element) -> answer element, raises Invalid.
        """
        element = self.elements(plural)[0]
        with self.org.transaction():
            try:
                return {plural: [save(element)]}
            except Invalid as error:
                raise ValidationFailed([{**element, "ValidationErrors": [
                    {"Message": message} for message in error.messages]}]) from None


def accepted(answer, warnings, error_flag):
    """An element that was saved, with its status and warnings."""
    answer["StatusAttributeString"] = "WARNING" if warnings else "OK"
    if warnings:
        answer["Warnings"] = [{"Message": message} for message in warnings]
    if error_flag:
        answer[error_flag] = False
    return answer


def echo(element, messages, id_field, error_flag):
    """A refused element as it comes back: what was sent, the zero GUID if new, the reasons."""
    answer = {**{key: _as_answered(key, value) for key, value in element.items()},
              "StatusAttributeString": "ERROR"}
    answer[id_field] = element.get(id_field) or wire.ZERO_GUID
    answer["ValidationErrors"] = [{"Message": message} for message in messages]
    if error_flag:
        answer[error_flag] = True
    return answer


def _as_answered(key, value):
    """Dates that were sent as ``YYYY-MM-DD`` come back as ``/Date(ms)/``."""
    if not key.endswith("Date") or not isinstance(value, str):
        return value
    try:
        return wire.day_text(wire.parse_day(value))
    except ValueError:
        return value

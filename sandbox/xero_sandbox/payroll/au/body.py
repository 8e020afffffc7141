"""How AU 1.0 takes arrays, refuses their elements and shows days (facts, 2.3, 3.1 and 4.1)."""

from ... import query, wire
from ...errors import BadRequest, Invalid, NotFound, ValidationFailed, unreadable

MAX_ELEMENTS = 50


def elements(call):
    """The bare array of a write.

    :raises BadRequest: it is none, it is empty, or it is too long.
    """
    body = call.document()
    if not isinstance(body, list) or not all(isinstance(element, dict) for element in body):
        raise unreadable("The request body must be an array of objects.")
    if not body or body == [{}]:
        raise BadRequest("NoDataProcessedException",
                         "No data has been processed for this endpoint.")
    if len(body) > MAX_ELEMENTS:
        raise BadRequest("ValidationException",
                         f"A request must not have more than {MAX_ELEMENTS} elements.")
    return body


def batch(call, plural, id_field, save):
    """Write an array, all of it or nothing.

    :param save: function(org, element) -> answer element, raises Invalid.
    """
    answers, refused = [], []
    with call.org.transaction() as undo:
        for element in elements(call):
            mark = undo.mark()
            try:
                answers.append(save(call.org, element))
            except Invalid as error:
                undo.rollback(mark)
                refused.append(_echo(element, error.messages, id_field))
        if refused:
            raise ValidationFailed(refused)
    return {plural: answers}


def update(call, plural, id_field, key, save):
    """Write the one element of an array to the record that the path names."""
    if len(elements(call)) != 1:
        raise BadRequest("NoDataProcessedException", "Exactly one element is expected.")
    return batch(call, plural, id_field, lambda org, element: save(org, element, key))


def _echo(element, messages, id_field):
    return {**element, id_field: element.get(id_field) or wire.ZERO_GUID,
            "ValidationErrors": [{"Message": message} for message in messages]}


def listing(call, table, shown, rows=None):
    """Rows of a list call: where, order, If-Modified-Since, pages of 100.

    :param shown: function(org, row) -> the fields that where and order know, dates as texts.
    """
    def field(row, path):
        return shown(call.org, row)[path]

    return query.select(call, table, rows, paged=True, extra_fields=field)[0]


def found(table, key):
    """The row; :raises NotFound: there is none."""
    row = table.get(key)
    if row is None:
        raise NotFound
    return row


def day(iso):
    """A civil day as AU 1.0 shows it, or None."""
    return iso and wire.day_text(iso)


def filled(answer):
    """The answer without what is empty; AU 1.0 leaves such fields out."""
    return {key: value for key, value in answer.items() if value not in (None, "", [], {})}


def stamped(row):
    """UpdatedDateUTC of a row."""
    return {"UpdatedDateUTC": wire.stamp_text(row["updated"])}

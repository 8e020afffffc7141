"""Which element of Xero's answer belongs to which link, and which line to which."""

import logging
from collections import Counter

from .. import values
from ..client import errors

_logger = logging.getLogger(__name__)

# What comes of taking an element apart whose values are of other types than agreed.
GARBLED = (TypeError, ValueError, LookupError, AttributeError)
NOBODY = "00000000-0000-0000-0000-000000000000"  # id of what was refused


def match(request, data):
    """``(link, item or None, detail, element)`` for each sent element whose link still waits.

    By position when every position carries the element's own key, else by key: an answer that is
    shorter, longer or in another order never lands on a neighbour.
    """
    sent = sent_elements(request)
    try:
        items = request._dataset()._answered(data, sent) if isinstance(data, dict) else None
    except GARBLED as error:
        _logger.warning("An answer of Xero to request %s cannot be read: %s", request.id, type(error).__name__)
        items = None
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    key_of = key_function(request)
    keys = [key_of(element) for element in sent]
    if [key_of(item) for item in items] != keys:
        by_key = {key_of(item): item for item in items}
        items = [by_key.get(key) for key in keys]
    links = {link.id: link for link in request._links()}
    return [
        (links[detail["link"]], item, detail, element)
        for detail, item, element in zip(request.link_ids, items, sent, strict=True)
        if detail["link"] in links
    ]


def listed(dataset, found):
    """Elements of a list that was read to find something out.

    :param found: :class:`~..client.transport.Answer`
    :raises errors.Unreadable: it is not what was agreed
    """
    try:
        return dataset._listed(found)
    except GARBLED as error:
        raise errors.Unreadable(f"Xero's answer could not be read ({type(error).__name__})") from None


def with_foreign_id(dataset, matched):
    """Links whose item does not say which record of Xero it is, or names one that is another's."""
    links = dataset.env["xero.link"]
    ids = {link: item.get(dataset._xero_id) for link, item, *_sent in matched if item}
    held = links._holding(dataset._connection.tenant_id, dataset._key, filter(None, ids.values()))
    holders = {link.xero_id: link for link in held}
    seen = Counter(ids.values())
    return links.concat(
        *(
            link
            for link, xero_id in ids.items()
            if not xero_id
            or xero_id == NOBODY
            or seen[xero_id] > 1
            or holders.get(xero_id, link) != link
            or dataset._keeps_id
            and (link.xero_id or xero_id) != xero_id
        )
    )


def sent_elements(request):
    """The elements of a request, read from its stored bytes."""
    return values.loads(request._body_bytes())[request._dataset()._xero_plural]


def sent_by_link(request):
    """``{link id: element}`` of what a request has sent."""
    pairs = zip(request.link_ids, sent_elements(request), strict=True)
    return {detail["link"]: element for detail, element in pairs}


def key_function(request):
    """What tells the elements of this request apart: Xero's id in an update, else our key."""
    dataset = request._dataset()
    if request.method == "POST" and dataset._keeps_id:
        return lambda item: item.get(dataset._xero_id)
    return dataset._lookup_key


def match_lines(sources, lines):
    """``{move line id: [LineItemID]}``, by position, as long as both sides count the same."""
    if len(sources) != len(lines):
        return False
    matched = {}
    for source, line in zip(sources, lines, strict=True):
        if source and line.get("LineItemID"):
            matched.setdefault(str(source), []).append(line["LineItemID"])
    return matched

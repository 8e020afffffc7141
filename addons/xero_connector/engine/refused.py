"""What becomes of links when Xero refuses a whole call: the bad elements are told from the good ones."""

from ..client import errors
from ..datasets.problem import Problem
from .answer import asks_who, keep_open, messages, refusal, refuse
from .conflicts import is_stale
from .matching import key_function, sent_by_link


def split_or_refuse(request, error, duration):
    """The whole call was refused: send its halves apart, until only the bad element is left."""
    links = request._links()
    elements = _refused_elements(request, links, error)
    if len(links) > 1 and not elements:
        _split(links)
    else:
        problems, dataset, sent = [], request._dataset(), sent_by_link(request)
        for index, link in enumerate(links):
            texts = messages(elements[index]) if elements else [error.message]
            if isinstance(error, errors.NotFound):
                problem = dataset._gone_problem(link)
                if is_stale(dataset, link):
                    keep_open(request, [(link, problem)], error.correlation_id)
                    return
                problems.append((link, problem))
            elif texts:
                problem = refusal(dataset, sent[link.id], texts)
                if not asks_who(dataset, link, problem):
                    problems.append((link, problem))
                elif len(links) == 1:
                    keep_open(request, [(link, problem)], error.correlation_id)
                    return
                else:
                    _split(link)  # alone, it is asked who holds the name
            else:
                link.state = "queued"  # refused only because of its neighbours
        refuse(request.run_id, problems, {"duration": duration, "correlation_id": error.correlation_id})
    request._close(error.status, error.correlation_id)


def _refused_elements(request, links, error):
    """The element of a refusal for each of `links`, empty when it does not say which ones are bad.

    Some answers hold only the bad ones: those are known by their key, the others are no fault.
    """
    elements = error.elements if isinstance(error, errors.Rejected) else []
    bad = [element for element in elements if messages(element)]
    if not bad or len(elements) == len(links):
        return elements if bad else []
    sent = sent_by_link(request)
    key_of = key_function(request)
    by_key = {key_of(element): element for element in bad}
    found = [by_key.get(key_of(sent[link.id]), {}) for link in links]
    return found if sum(map(bool, found)) == len(bad) else []


def _split(links):
    """Send both halves apart from now on; a half is named by the id of its first link."""
    middle = len(links) // 2
    for half in filter(None, (links[:middle], links[middle:])):
        half.write({"state": "queued", "split": half[0].id})


def refuse_all(request, error, duration):
    """Nothing may be called at all, and no call mends that.

    :param error: :class:`errors.Unusable`
    """
    problems = [(link, Problem(error.code)) for link in request._links()]
    refuse(request.run_id, problems, {"duration": duration, "correlation_id": error.correlation_id})
    request._close(error.status, error.correlation_id)

"""What every data set says and does; a new data set is one file that inherits from here."""

from odoo import api, models

from .. import values


class XeroDataset(models.AbstractModel):
    """Hooks between Odoo records and Xero's JSON; no HTTP, no commit.

    A data set always works for one connection: get it by ``connection._dataset(key)``.
    """

    _name = "xero.dataset"
    _description = "Xero Data Set"

    _key = None  # public name of the data set
    _xero_path = None  # below the Accounting API
    _xero_plural = None  # name of the list in requests and answers
    _xero_id = None  # name of the id in an element
    _odoo_model = None
    _by_model = {}  # data sets that stand in for records of other models, with the same key: ``{model: own key}``
    _sequence = 50  # data sets with a lower number are pushed first
    _batch = 50  # elements in a write
    _page = 1000  # elements on a page when reading
    _write_query = "summarizeErrors=false"
    _scope = None  # what older consents did not cover; None: all of them do
    _has_parts = False  # whether parts of a record travel on their own
    _instead_of = ()  # data sets whose links of the same records are dropped, as long as they were never sent
    _paged = True  # whether its list has pages and knows what changed since a moment
    _keeps_id = True  # whether an update leaves the id in Xero as it is
    _in_batches = False  # whether Export Control collects its records, by the month of their `_date`
    _date_can_move = False  # whether an approver may send a record under another date
    _in_books = False  # whether Xero goes on counting what is deleted in Odoo alone
    _taken_code = "number_taken"  # of the Problem that a create would meet what Xero holds already
    _asks_first = False  # whether a create that nobody forbids may be there already, by somebody else's hand
    _looks_first = False  # whether a create under a name or number that is taken silently edits what holds it
    _replaces = False  # whether an update, too, would silently undo what people changed in Xero since it was read
    _unhashed = ()  # fields that are sent when they are there, and are no content
    _derived = ()  # fields that follow from what else is sent

    @api.model
    def _label(self, env):
        """What people call the data set."""
        return env["ir.model"]._get(self._name).sudo().name.removeprefix("Xero ")

    @api.model
    def _own_key(self):
        """What names this very data set: several may share a `_key`."""
        return self._name.removeprefix("xero.dataset.")

    # === CONNECTION === #

    @property
    def _connection(self):
        """The connection that this data set works for."""
        return self.env["xero.connection"].browse(self.env.context["xero_connection_id"])

    @api.model
    def _browse(self, ids):
        """Records of the data set in the company of the connection."""
        return self.env[self._odoo_model].browse(ids)

    @api.model
    def _is_granted(self):
        """Whether the consent covers the data set: without that no call is made, the others go on."""
        granted = self._connection.granted_scopes
        return not self._scope or not granted or self._scope in granted.split()

    # === PUSH HOOKS === #

    @api.model
    def _prefetch(self, records):
        """Read what the hooks need for `records` in a few queries."""

    @api.model
    def _check(self, record, link):
        """Raise a :class:`~.problem.Problem` when `record` cannot go to Xero; no API call."""

    @api.model
    def _parts(self, records):
        """Parts of each record that travel on their own: ``{record id: names}``."""
        return dict.fromkeys(records.ids, ("",))

    @api.model
    def _check_amounts(self, record):
        """Raise a Problem when the amounts cannot be said in Xero's terms; asked before anything is sent."""

    @api.model
    def _content_hash(self, payload):
        """Text that differs when there is something else to send."""
        return values.fingerprint(payload, without=(*self._unhashed, *self._derived))

    @api.model
    def _make_ready(self, records):
        """Make in Odoo what `records` will depend on and what nobody has made there; no API call."""

    @api.model
    def _dependencies(self, records):
        """Records that must be in Xero first: ``{data set key: records}``."""
        return {}

    @api.model
    def _followers(self, links):
        """What goes to Xero after the records of `links`: ``{data set key: [(res_id, part, company id)]}``."""
        return {}

    @api.model
    def _prepare_payload(self, record, link):
        """The element to send.

        :return: ``(payload, sources)``; `sources` names, for each line of the payload, the id of
            the Odoo line that it came from, or ``None``
        :raises Problem: the record cannot be said in Xero's terms
        """
        raise NotImplementedError  # pylint: disable=missing-return

    @api.model
    def _with_identity(self, payload, link, record, sources):
        """`payload` with what only a create or only an update carries."""
        return {**payload, self._xero_id: link.xero_id} if link.xero_id else payload

    @api.model
    def _request_path(self, link, payload):
        """Path and query of the write that carries `payload`; what shares them goes in one request.

        A data set whose records belong to another one names that one's id here.
        """
        return f"{self._xero_path}?{self._write_query}"

    @api.model
    def _verb(self, method, element):
        """HTTP method for a create (``PUT``) or an update (``POST``) of `element` and what goes with it."""
        return method

    @api.model
    def _content(self, body):
        """What leaves for the stored `body` of a request: ``(bytes, content type)``.

        :raises Problem: it is not there any more as it was when the request was stored
        """
        return body, "application/json"

    @api.model
    def _lookup_key(self, item):
        """What tells one element from all others, in a payload and in an answer alike."""
        raise NotImplementedError

    @api.model
    def _answered(self, data, sent):
        """Elements in the answer to a write of the elements `sent`; anything but a list: it does not hold them."""
        return data.get(self._xero_plural)

    @api.model
    def _read_answer(self, item):
        """Link values from an element of Xero's answer."""
        return {
            "xero_id": item.get(self._xero_id),
            "xero_status": item.get("Status"),
            "xero_updated_at": values.parse_moment(item.get("UpdatedDateUTC")),
        }

    @api.model
    def _figures(self, record, link):
        """What Odoo says of the amounts, as texts by name; compared with the answer."""
        return {}

    @api.model
    def _compare(self, figures, item):
        """Arguments of "totals differ", or ``None`` when both sides agree."""
        return None

    @api.model
    def _notes(self, record):
        """``(code, arguments)`` of what the history should say about a sent record."""
        return []

    @api.model
    def _amount(self, record):
        """Total of `record` in company currency, for lists of problems."""
        return 0.0

    @api.model
    def _after_push(self, links):
        """Let the records of `links`, which Xero has taken just now, know it; no commit."""

    @api.model
    def _release_waiting(self, links):
        """Queue what waited for Xero to count `links` no more, or for an answer about them; no commit."""

    @api.model
    def _after_unchanged(self, links):
        """Let what hangs on `links` know that Xero has their records as Odoo has them; no commit."""

    @api.model
    def _keep_answer(self, link, item, sources):
        """Let what Xero holds of the record of `link` since just now be remembered; no commit.

        :param sources: ids of the lines in Odoo that its lines were made of when it was sent; ``None`` of what was
            found in Xero
        """

    @api.model
    def _deep_link(self, xero_id):
        """Path of the record in Xero's own pages, ``''`` where none is stable."""
        return ""

    # === LOOK-UP HOOKS === #

    @api.model
    def _list_path(self, path):
        """Path of the list that holds what was sent to `path`."""
        return self._xero_path

    @api.model
    def _listed(self, answer):
        """Elements of an answer to :meth:`_list_path`."""
        return answer.rows(self._xero_plural, self._xero_id)

    @api.model
    def _list_params(self):
        """Query parameters for reading the list."""
        return {}

    @api.model
    def _lookup_params(self, sent):
        """Query parameters for reading the list when the answer to a write of `sent` was lost."""
        return self._list_params()

    @api.model
    def _lookup_lists(self, path, sent):
        """``(path, query parameters)`` of the lists that hold what was sent to `path` when the answer was lost."""
        return [(self._list_path(path), self._lookup_params(sent))]

    @api.model
    def _lookup_page(self, page):
        """Query parameters that ask for a page of the list, counted from 1."""
        return {"page": page, "pageSize": self._page}

    @api.model
    def _is_conflict(self, code):
        """Whether a refusal means that the name or number is taken in Xero."""
        return False

    @api.model
    def _conflict_queries(self, records):
        """Query parameters that find who holds the names or numbers of `records`.

        ``path`` among them is no parameter: one element to be read instead of the list.
        """
        return []

    @api.model
    def _first_queries(self, records):
        """Query parameters that read, before a create, what may be there already; none: nothing is asked."""
        return self._conflict_queries(records)

    @api.model
    def _is_held(self, element, items, figures):
        """Whether one of `items`, read from Xero before the create, stands where `element` would.

        :param figures: what Odoo expects of `element`: untaxed, tax, total; empty where it has none
        """
        key = self._lookup_key(element)
        return any(self._lookup_key(item) == key for item in items)

    @api.model
    def _choose(self, record, link, items, code, arguments):
        """The element of `items` that is `record`.

        :raises Problem: none or several are
        """
        raise NotImplementedError

    @api.model
    def _is_readable(self, item):
        """Whether `item`, read to find out who holds a name or number or what was lost, says who it is.

        A garbled one is asked for again.
        """
        return True

    @api.model
    def _is_told(self, item):
        """Whether an answer says what has become of an element that was sent; else it counts as lost."""
        return True

    @api.model
    def _describe(self, item):
        """What people tell elements apart by: ``{name, number, email, date, total, status}``, any of them."""
        return {"status": item.get("Status")}

    @api.model
    def _gone_problem(self, link):
        """The Problem when Xero does not know an id that was sent for `link`."""
        raise NotImplementedError

    @api.model
    def _unlinked(self, link, items):
        """Those of `items` that no other link of the organisation holds."""
        holders = link._holding(self._connection.tenant_id, self._key, [item.get(self._xero_id) for item in items])
        taken = set((holders - link).mapped("xero_id"))
        return [item for item in items if item.get(self._xero_id) not in taken]

    @api.model
    def _could_be(self, element, item):
        """Whether `item`, read from Xero under the key of `element`, can be what `element` created."""
        return True

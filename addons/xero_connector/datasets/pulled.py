"""What a data set says about its way into Odoo."""

from dataclasses import dataclass, field

from odoo import api, models

from .. import values
from .problem import Problem
from .statuses import UNDER_WAY

PRINT = 12  # characters of a short fingerprint
VOLATILE = ("UpdatedDateUTC", "UpdatedDateUTCString")
TWO_SIDED = ("both_changed", "kept_xero")  # problems of what was edited on both sides


@dataclass
class Result:
    """What became of one element of Xero's.

    :ivar item: the element
    :ivar kind: ``created``, ``linked``, ``updated``, ``removed``, ``unchanged``, ``skipped``, ``refused``,
        ``missing``: left out because Odoo does not have it
    :ivar reason: why it is ``skipped``, a key of :data:`..models.messages.LEFT_OUT`
    :ivar link: its ``xero.link``, possibly empty; the engine makes one when `record_id` is given
    :ivar problem: :class:`~.problem.Problem` for people, or ``None``
    :ivar values: further values of the link
    :ivar notes: ``(code, arguments)`` for the history
    """

    item: dict
    kind: str
    link: object = None
    reason: str = None
    record_id: int = None
    model: str = None
    part: str = ""
    company_id: int = None
    problem: Problem = None
    values: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    _paged = False  # whether the list has pages
    _fixed_pages = False  # whether Xero alone decides how long a page is
    _knows_changes = False  # whether the list honours If-Modified-Since
    _alone = True  # whether an element can be read by its id
    _detailed = False  # whether the list says little: what is new or changed is read one by one
    _hides_deleted = False  # whether deleted elements are only listed among changes
    _lists_all = False  # whether a list that is read from its beginning holds all that is open: what it lacks is gone
    _whole = False  # whether the list is stored as a whole: what it lacks is gone
    _block = 500  # elements in a commit
    _amounts = ()  # fields that change with the books, not by an edit
    _pull_sequence = None  # imports run in this order; None: never brought in
    _every = None  # minutes between two imports by default; None: once a day
    _weekly = False  # once a week instead
    _apart = False  # whether the others count as brought in although this one cannot be
    _pull_codes = ()  # problems of a push that an import may find cured, beside those of imports
    _switches = ()  # fields of the connection, one of which must be on
    _direction = None  # field of the connection that says which way the data set goes: pull, push, both
    _by_value = False  # whether each value is taken over by itself, once somebody has edited it in Xero
    _only_sent = False  # whether there is nothing to read before something of it is in Xero from here

    # === PULL HOOKS === #

    @api.model
    def _is_pulled(self):
        """Whether the connection brings this data set in."""
        switched_on = not self._switches or any(self._connection[name] for name in self._switches)
        wanted = not self._direction or self._connection[self._direction] != "push"
        return switched_on and wanted and self._is_granted() and (not self._only_sent or self._is_used())

    @api.model
    def _stop_text(self):
        """Why a run that is under way goes no further: a sentence, ``False`` when it goes on."""
        return False

    @api.model
    def _is_used(self):
        """Whether a record of Odoo's is linked to an element of the organisation."""
        used = [("tenant_id", "=", self._connection.tenant_id), ("dataset", "=", self._key), ("xero_id", "!=", False)]
        return bool(self.env["xero.link"].sudo().search_count(used, limit=1))

    @api.model
    def _store(self, items):
        """Store a whole list; ``{"created": n, "updated": n, "unchanged": n}``."""
        raise NotImplementedError

    @api.model
    def _pull_params(self):
        """Further query parameters when the list is brought in."""
        return {}

    @api.model
    def _places(self):
        """Numbers of the lists that are read one after the other; the context names the current ``xero_place``."""
        return (0,)

    @api.model
    def _list_owner(self):
        """Link of the record whose list is read now; empty where a list is not one record's."""
        return self.env["xero.link"]

    @api.model
    def _list_problem(self):
        """The :class:`~.problem.Problem` of the record whose list Xero does not tell."""
        raise NotImplementedError

    @api.model
    def _page_params(self, page, size):
        """Query parameters that ask for a page, counted from 1."""
        return {"page": page, "pageSize": size, "order": "UpdatedDateUTC ASC"}

    @api.model
    def _element_path(self, xero_id):
        """Path of one element."""
        return f"{self._xero_path}/{xero_id}"

    @api.model
    def _wants_details(self, item):
        """Whether an element of the list that is new or changed is worth a call of its own."""
        return True

    @api.model
    def _absent(self, listed, before):
        """Links of what is open in Xero as far as Odoo knows, and was not in the list that was read now.

        :param listed: ids of the elements of the list
        :param before: when its reading began (naive UTC): what was sent since may not be in it
        """
        return self.env["xero.link"]

    @api.model
    def _together(self, item):
        """What elements have in common that are only taken in as a whole, ``None`` when each stands alone."""
        return None

    @api.model
    def _together_params(self, item):
        """Query parameters that list an element, which was read alone, with what is only taken in with it."""
        return {}

    @api.model
    def _fingerprint(self, item):
        """Text that differs when an element has changed; moments of change are no content."""
        content = self._content_print(item)
        if not self._amounts:
            return content
        return f"{content}/{values.fingerprint({name: item.get(name) for name in self._amounts})}"

    @api.model
    def _content_print(self, item):
        """The same without what changes with the books alone."""
        return values.fingerprint(item, without=(*VOLATILE, *self._amounts))

    @api.model
    def _is_edited(self, item, link):
        """Whether somebody has edited the element since it was brought in, matched or adopted."""
        return (link.pull_hash or "").split("/")[0] != self._content_print(item)

    @api.model
    def _title(self, item):
        """What people call an element."""
        return item.get("Name") or item.get("Code") or item[self._xero_id]

    @api.model
    def _take_in(self, items, links):
        """Create, link or update Odoo records for elements that are new or changed.

        No HTTP, no commit; an error in the data raises, and the engine divides the block.

        :param items: elements as Xero sent them
        :param links: ``{Xero id: xero.link}`` of those that are linked
        :return: list of :class:`Result`
        """
        results, unknown = [], []
        for item in items:
            link = links.get(item[self._xero_id])
            if not link:
                unknown.append(item)
                continue
            record = self._browse(link.res_id).exists()
            if record and link.active:
                results.append(self._take_in_linked(item, link, record))
            else:
                results.append(Result(item, "skipped", link=link, reason="deleted_here"))
        if unknown:
            results += self._take_in_unknown(unknown)
        return results

    @api.model
    def _take_in_linked(self, item, link, record):
        """Bring a linked record up to date; :class:`Result`."""
        raise NotImplementedError

    @api.model
    def _take_in_unknown(self, items):
        """Match, create or skip elements without a link; list of :class:`Result`."""
        wanted, results = [], []
        for item in items:
            if reason := self._why_not(item):
                results.append(Result(item, "skipped", reason=reason))
            else:
                wanted.append(item)
        matched = self._match(wanted)
        held, to_create = self._held(matched.values()), []
        for item in wanted:
            found = matched.get(item[self._xero_id])
            if isinstance(found, Problem) and found.state == "skipped":
                results.append(Result(item, "skipped", reason="several_fit"))
            elif isinstance(found, Problem):
                results.append(Result(item, "refused", problem=found))
            elif found:
                results.append(self._take_in_found(item, found, held.get(found.id)))
            else:
                to_create.append(item)
        return results + self._take_in_new(to_create)

    @api.model
    def _held(self, found):
        """``{record id: link}`` of those of `found` that have one here, without an element of Xero's yet."""
        records = self._browse([record.id for record in found if not isinstance(record, Problem)])
        links = self.env["xero.link"].with_context(active_test=False)
        return {link.res_id: link for link in links._of(records, self._connection, self._key)} if records else {}

    @api.model
    def _take_in_found(self, item, record, link):
        """:class:`Result` of an element that `record` stands for; `link` is what it has here already, or ``None``."""
        if link and link.state in UNDER_WAY:
            return Result(item, "skipped", reason="on_its_way")
        result = self._take_in_match(item, record)
        if link:
            # Its push was refused or left out: now it is known which element it is.
            result.link = link
            result.values = {"active": True, "state": "synced", "reason": False, **result.values}
        return result

    @api.model
    def _why_not(self, item):
        """Why an element without a link is left out, ``None`` when it may come in: only active ones do (K9)."""
        return None if (item.get("Status") or "ACTIVE") == "ACTIVE" else "not_active"

    @api.model
    def _match(self, items):
        """``{Xero id: record, or a Problem when several fit}``; the others are not in Odoo.

        A Problem with the state ``skipped`` is one that the administrator does not want to hear of.
        """
        return {}

    @api.model
    def _take_in_match(self, item, record):
        """Link `record`; :class:`Result`."""
        raise NotImplementedError

    @api.model
    def _take_in_new(self, items):
        """Create records for elements that nothing in Odoo stands for; list of :class:`Result`."""
        raise NotImplementedError

    @api.model
    def _prepare_vals(self, item):
        """Values of the Odoo record from an element."""
        raise NotImplementedError

    @api.model
    def _differing(self, record, vals):
        """Those of `vals` that `record` does not hold; an empty value never clears one of Odoo's."""
        differing = {}
        for name, value in vals.items():
            current = record[name]
            if isinstance(current, models.BaseModel):
                current = current.id
            if value and value != current:
                differing[name] = value
        return differing

    @api.model
    def _value_prints(self, item, vals=None):
        """Short fingerprints of what an element would give its record, by field; ``False`` where none are kept.

        :param vals: what `_prepare_vals` says of it, when that is known already
        """
        if not self._by_value:
            return False
        vals = self._prepare_vals(item) if vals is None else vals
        return {name: values.fingerprint({name: value})[:PRINT] for name, value in vals.items()}

    @api.model
    def _edited(self, vals, taken, link):
        """Those of `vals` that are not in Xero as they were when `link` was made, sent or brought in last.

        :param taken: what the link will hold: ``value_prints`` of the element as it is now
        """
        if not link.value_prints:  # linked before they were kept
            return vals
        return {name: vals[name] for name in vals if taken["value_prints"][name] != link.value_prints.get(name)}

    @api.model
    def _both_changed(self, item, link, record, names, taken):
        """:class:`Result` of what was changed in Odoo and in Xero, ``None`` where Xero is right.

        :param names: names of the fields
        :param taken: what the link will hold
        """
        owner = self._connection.contact_owner
        if owner == "xero":
            return None
        if owner == "odoo":
            return Result(item, "unchanged", link=link, values=taken, notes=[("kept_odoo", {})])
        return Result(item, "refused", link=link, problem=self._both_changed_problem(record, names))

    @api.model
    def _both_changed_problem(self, record, names):
        """The Problem that these fields of `record` were changed in Odoo and in Xero: somebody decides."""
        labels = ", ".join(sorted(self._labels(record, names)))
        problem = Problem("both_changed", state="outdated", partner=record.display_name, fields=labels)
        problem.direction = "pull"
        return problem

    @api.model
    def _labels(self, record, names):
        """What people call these fields of `record`, a set."""
        return {field["string"] for field in record.fields_get(list(names), ["string"]).values()}

    @api.model
    def _keep_answer(self, link, item, sources):
        # EXTENDS xero.dataset
        link.value_prints = self._value_prints(item)

    @api.model
    def _mark_elsewhere(self, record):
        """What an organisation has given a record that companies share, the others do not have yet."""
        if not record.company_id:
            self.env["xero.link"]._mark_changed(record._name, record.ids, apart_from=self._connection.tenant_id)

"""Tracking of lines: the options that a line has in Xero, and how one line becomes several (TRK-02 to TRK-06)."""

from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from odoo import api, models

from .amounts import CENT, UNIT, decimal
from .problem import Problem

WHOLE = Decimal(100)
NAME = 100  # characters of an option


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _tracked_shares(self, line):
        """How a line is tracked.

        :param line: record with ``analytic_distribution``
        :return: list of ``(per cent, options)``; the per cents sum up to 100, options are ``xero.tracking.option``
        :raises Problem: it is tracked by several options and must not be divided, or an option is archived
        """
        fixed, slots = self.env["xero.tracking.option"], self._connection._tracking_slots()
        for slot in slots:
            if slot.source != "plan":
                fixed |= self._chosen(self._tracked_record(line, slot.source), slot)
        shares = self._plan_shares(line, slots_by_plan(slots))
        if shares.keys() == {()}:
            return [(WHOLE, self._checked(fixed))]
        if len(shares) > 1 and self._connection.tracking_split != "split":
            raise Problem("analytic_split", line=line.display_name or "")
        return [(percent, self._checked(fixed.browse(ids) | fixed)) for ids, percent in shares.items()]

    @api.model
    def _plan_shares(self, line, by_plan):
        """Per cents of a line by what its analytic plans say.

        Odoo gives each plan a key of its own, ``{"A": 100, "B": 100}``, unless accounts of several plans belong
        together, ``{"A,B": 60}``. So what no common key says is divided by each plan, whatever the others say.

        :param by_plan: of :func:`slots_by_plan`
        :return: ``{ids of options: per cent}``, all positive, which sum up to 100
        :raises Problem: a plan has more than all of it, or less than nothing
        """
        common, alone = defaultdict(Decimal), {plan: defaultdict(Decimal) for plan in by_plan}
        for ids, percent in (line.analytic_distribution or {}).items() if by_plan else ():
            accounts = self._accounts(ids, by_plan)
            options = self.env["xero.tracking.option"].union(
                *(self._chosen(account, slot) for account in accounts for slot in by_plan[account.root_plan_id.id])
            )
            plans = accounts.root_plan_id.ids
            if plans:
                shares = alone[plans[0]] if len(plans) == 1 else common
                shares[tuple(sorted(options.ids))] += decimal(percent, Decimal("0.0001"))
        rest = WHOLE - sum(common.values())
        divided = {(): rest} if rest else {}
        for shares in alone.values():
            shares[()] += rest - sum(shares.values())
            if any(percent < 0 for percent in (*shares.values(), *common.values())):
                raise Problem("analytic_split", line=line.display_name or "")
            crossed = defaultdict(Decimal)
            for ids, percent in divided.items():
                for more, share in shares.items():
                    crossed[tuple(sorted({*ids, *more}))] += percent * share / rest
            divided = crossed
        for ids, percent in divided.items():
            common[ids] += percent
        return {ids: percent for ids, percent in common.items() if percent}

    @api.model
    def _accounts(self, ids, by_plan):
        """Analytic accounts in one key of a distribution whose plans fill a category.

        :param ids: ``"3,7"``
        :param by_plan: by id of the root plan
        """
        accounts = self.env["account.analytic.account"].browse({int(part) for part in ids.split(",")}).exists()
        return accounts.filtered(lambda account: account.root_plan_id.id in by_plan)

    @api.model
    def _tracked_record(self, line, source):
        """The record of `line` that a source other than an analytic plan names."""
        move = line.move_id
        return {
            "partner": lambda: move.commercial_partner_id,
            "salesperson": lambda: move.invoice_user_id,
            "department": lambda: self._department_of(move.invoice_user_id),
            "category": lambda: line.product_id.categ_id,
            "journal": lambda: move.journal_id,
            "branch": lambda: move.company_id,
        }[source]()

    @api.model
    def _department_of(self, user):
        """Department of a user; there are none without Odoo's Employees."""
        employee = "employee_id" in user._fields and user.with_company(self._connection.company_id).employee_id
        return employee.department_id if employee else user.browse()

    @api.model
    def _chosen(self, record, slot):
        """The option of :meth:`_told`, possibly none.

        :raises Problem: the name is meant to be that of an option, and none is spelt like that
        """
        option, name = self._told(record, slot)
        if name and not option and not self._connection.create_tracking_options:
            alike = slot.category.option_ids.filtered(
                lambda row: row.xero_id and row.name.casefold() == name.casefold()
            )
            if alike or slot.source == "plan":
                raise Problem("tracking_unknown", option=name, category=slot.category.name)
        return option

    @api.model
    def _told(self, record, slot):
        """What Xero is told of `record` in the category of `slot`: as chosen, else the option of its name (XW-03).

        :param record: analytic account, partner, journal ..., possibly none
        :return: ``(option, name)``: the option, or none and the name that is not there yet, ``""`` for nothing
        """
        options = self.env["xero.tracking.option"]
        if not record:
            return options, ""
        if slot.source == "plan":
            chosen = record.xero_tracking_option_id
            if chosen.category_id == slot.category:
                return chosen, ""
            name = self._name_of_account(record, slot.named_by)
        else:
            mapped = self.env["xero.tracking.map"]._option_id(slot.category.id, record._name, record.id)
            if mapped is not None:
                return options.browse(mapped), ""
            name = record.display_name
        name = (name or "").strip()[:NAME].strip()
        return (slot.category._option(name), name) if name else (options, "")

    @api.model
    def _name_of_account(self, account, named_by):
        """Name of the option of an analytic account that has none chosen (XW-04 to XW-06)."""
        if named_by == "code":
            return account.code or account.name
        if named_by == "group":
            return account.plan_id.name
        return account.name if named_by == "name" else ""

    @api.model
    def _checked(self, options):
        for option in options:
            if not option.active or option.status != "ACTIVE":
                raise Problem("tracking_archived", option=option.name, category=option.category_id.name)
        return options

    @api.model
    def _divided(self, line, shares):
        """Lines that stand for `line`, one for each share of :meth:`_tracked_shares`; amounts sum up exactly.

        :param line: :class:`~.amounts.Line`
        """
        if len(shares) == 1:
            line.extra["tracking"] = shares[0][1]
            return [line]
        percents = [percent for percent, _options in shares]
        parts = []
        for (percent, options), net, gross in zip(
            shares, divide(line.net, percents), divide(line.gross, percents), strict=True
        ):
            quantity = line.quantity * percent / WHOLE
            whole = quantity == quantity.quantize(UNIT)
            parts.append(
                replace(
                    line,
                    net=net,
                    gross=gross,
                    quantity=quantity if whole else Decimal(1),
                    unit_amount=line.unit_amount if whole else net,
                    discount=line.discount if whole else Decimal(0),
                    extra={**line.extra, "tracking": options},
                )
            )
        return parts

    @api.model
    def _tracking_items(self, options):
        """``Tracking`` of a line in Xero."""
        return [
            {"TrackingCategoryID": option.category_id.xero_id, "TrackingOptionID": self._id_in_xero(option)}
            for option in options.sorted(lambda option: option.category_id.xero_id)
        ]


def slots_by_plan(slots):
    """``{id of a root plan: list of slots that it fills}``; one plan may fill both."""
    by_plan = defaultdict(list)
    for slot in slots:
        if slot.source == "plan":
            by_plan[slot.plan.id].append(slot)
    return by_plan


def divide(amount, shares):
    """`amount` divided by per cents, the cents so that the sum is exact.

    :param amount: Decimal
    :param shares: list of per cents that sum up to 100
    :return: list of amounts
    """
    exact = [amount * percent / WHOLE for percent in shares]
    parts = [part.quantize(CENT, ROUND_DOWN) for part in exact]
    left = int((amount - sum(parts)) / CENT)
    step = CENT if left > 0 else -CENT
    nearest = sorted(range(len(parts)), key=lambda n: -abs(exact[n] - parts[n]))
    for number in nearest[: abs(left)]:
        parts[number] += step
    return parts

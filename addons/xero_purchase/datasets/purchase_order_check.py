"""What keeps a purchase order from going to Xero, and what its lines are mapped to."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.xero_connector.datasets.problem import Problem


class XeroDatasetPurchaseOrderCheck(models.AbstractModel):
    """The checks of documents, as far as they hold for orders: nothing of an order is posted, no lock date binds it."""

    _name = "xero.dataset.purchase.order.check"
    _inherit = "xero.dataset.document"
    _description = "Xero Purchase Order Checks"

    _final_statuses = ("BILLED", "DELETED")
    _confirmed_state = "purchase"
    _final_code = "order_final_in_xero"
    _cancelled_code = "order_cancelled_in_odoo"

    @api.model
    def _check_kind(self, record):
        """All orders are of one kind."""

    @api.model
    def _check_confirmed(self, record, link):
        # OVERRIDE: and the only one of its number
        if record.state != "purchase":
            raise Problem("order_not_confirmed")
        if not link.xero_id:
            self._check_number(record, link)

    @api.model
    def _check_number(self, record, link):
        """Two orders of one number that nobody has sent yet: the second would edit the first in Xero."""
        number = self._number(record)
        self.env["xero.link"].flush_model(["state", "number_override", "xero_id"])
        self.env["purchase.order"].flush_model(["name"])
        rows = self.env.execute_query(
            SQL(
                """SELECT o.id FROM xero_link l JOIN purchase_order o ON o.id = l.res_id
                    WHERE l.tenant_id = %s AND l.dataset = %s AND l.model = %s AND l.res_id != %s
                      AND l.xero_id IS NULL AND upper(coalesce(l.number_override, o.name)) = upper(%s)
                      AND (l.state IN ('sending', 'in_doubt') OR l.state = 'queued' AND l.res_id < %s)
                    LIMIT 1""",
                self._connection.tenant_id,
                self._key,
                record._name,
                record.id,
                number,
                record.id,
            )
        )
        if rows:
            raise Problem("order_number_twice", number=number)

    @api.model
    def _check_lock_dates(self, record):
        """Orders are in no ledger."""

    @api.model
    def _check_lines(self, record):
        for line, account, rate in self._line_mappings(record):
            self._check_account_with_tax(line, account, rate)

    @api.model
    def _numbered_by_supplier(self, record):
        # EXTENDS xero_connector: an order has our number
        return False

    @api.model
    def _partner(self, records):
        return records.partner_id.commercial_partner_id

    # === MAPPING OF LINES === #

    @api.model
    def _line_mappings(self, record):
        known = {}
        for line in record.order_line:
            if not line.display_type:
                kind = (line.product_id.id, line.tax_ids._ids)
                if kind not in known:
                    known[kind] = self._line_account(line), self._line_tax_rate(line)
                yield line, *known[kind]

    @api.model
    def _line_account(self, line):
        """Xero account of a line: product, its category, the Odoo account of its bill, the default.

        :return: ``xero.account``, empty when a text code stands for it
        :raises Problem: nothing is mapped
        """
        connection, own = self._connection, self._line_odoo_account(line)
        account = self._mapped_account(line) if connection.sync_accounts else self.env["xero.account"]
        usable = account.connection_id == connection and account.tenant_id == connection.tenant_id
        if usable if connection.sync_accounts else self._line_account_code(line):
            return account
        if own:
            raise Problem("account_unmapped", account=own.display_name)
        raise Problem("order_account_unmapped", line=line.name or "")

    @api.model
    def _line_odoo_account(self, line):
        """Account that a bill of the line would have; a line without product has none yet."""
        if not line.product_id:
            return self.env["account.account"]
        return line.product_id.product_tmpl_id.get_product_accounts(line.order_id.fiscal_position_id)["expense"]

    @api.model
    def _side(self, line):
        # OVERRIDE
        return "purchase"

    @api.model
    def _tracked_record(self, line, source):
        order = line.order_id
        records = {
            "partner": self._partner(order),
            "salesperson": order.user_id,
            "department": self._department_of(order.user_id),
            "category": line.product_id.categ_id,
            "branch": order.company_id,
        }
        return records.get(source)  # an order has no journal

    @api.model
    def _tracked_lines(self, records):
        # OVERRIDE
        return records.order_line.filtered(lambda line: not line.display_type)

    @api.model
    def _shown_lines(self, record):
        return record.order_line.sorted(lambda line: (line.sequence, line.id))

    @api.model
    def _has_discount(self, line):
        # PurchaseOrder.TotalDiscount of the specification
        return True

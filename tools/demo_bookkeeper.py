"""What people do in Xero itself during the demo: the bookkeeper at the other end."""

from demo_payroll import BALANCE, CALENDAR, LEAVE, RATE
from xero_reader import XeroSession

SCOPES = ("accounting.settings", "accounting.invoices", "accounting.contacts")


class Bookkeeper(XeroSession):
    """Somebody who works on Xero's own pages of one organisation."""

    def __init__(self, url, organisation):
        super().__init__(url, organisation, "demo-bookkeeper", SCOPES)

    def add_tax_rate(self, name, *components):
        """A tax rate made of several ``(name, per cent)``, as Xero has it for two taxes on one line."""
        parts = [{"Name": part, "Rate": rate, "IsCompound": False} for part, rate in components]
        self.send("PUT", "TaxRates", {"TaxRates": [{"Name": name, "ReportTaxType": "OUTPUT", "TaxComponents": parts}]})

    def set_account_status(self, code, status):
        """Archive an account, or restore it."""
        self.control("PATCH", f"organisations/{self.tenant_id}/accounts/{code}", Status=status)

    def lock_books(self, until):
        """Set the period lock date."""
        self.control("PATCH", f"organisations/{self.tenant_id}", PeriodLockDate=str(until))

    def hire(self, people, rate=RATE, leave=LEAVE):
        """Put people (demo_payroll.Person) on the weekly calendar, with some leave left; their ids by name."""
        ids = {}
        for person in people:
            row = self._act("add_employee", first=person.first, last=person.last, calendar=CALENDAR, rate=rate,
                            hourly=person.pay, start="2024-01-08")
            self._act("assign", employee=row["id"], leave_type=leave, yearly=152)
            self._act("set_balance", employee=row["id"], leave_type=leave, units=BALANCE)
            ids[person.name] = row["id"]
        return ids

    def assign_rate(self, employee_id, rate):
        """Let somebody be paid under one more earnings rate."""
        self._act("assign", employee=employee_id, rate=rate)

    def change_invoice(self, number):
        """Put one more line on an invoice, so that both sides differ."""
        found = self.get("Invoices", InvoiceNumbers=number, page=1)["Invoices"][0]
        lines = [{"LineItemID": line["LineItemID"]} for line in found["LineItems"]]
        lines.append({"Description": "Added in Xero", "Quantity": 1, "UnitAmount": 0.01, "AccountCode": "200",
                      "TaxType": "EXEMPTOUTPUT"})
        self.send("POST", "Invoices", {"Invoices": [{"InvoiceID": found["InvoiceID"], "LineItems": lines}]})

    def _act(self, action, **arguments):
        return self.control("POST", f"organisations/{self.tenant_id}/as-user", action=action, **arguments)

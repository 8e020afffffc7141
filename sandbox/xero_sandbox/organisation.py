"""Everything one organisation owns: settings, reference data, documents, books."""

from contextlib import contextmanager
from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .history import note
from .ledger import Ledger
from .payroll.seeds.build import fill as fill_payroll
from .payroll.store import Payroll
from .rules import name_key
from .seeds import bulk, bulk_documents
from .seeds.build import fill, organisation_details
from .seeds.countries import COUNTRIES, PER_USD
from .seeds.ids import seed_id
from .table import Table, UndoLog
from .wire import rounded

TABLES = ("accounts", "tax_rates", "currencies", "tracking", "branding", "contacts", "items",
          "invoices", "credit_notes", "payments", "batch_payments", "overpayments",
          "prepayments", "bank_transactions", "contact_groups", "history", "attachments",
          "manual_journals", "purchase_orders")
GONE = ("VOIDED", "DELETED")


def _contact_name(active):
    def key(contact):
        fits = (contact["ContactStatus"] == "ACTIVE") == active
        return name_key(contact["Name"]) if fits else None
    return key


def _is_gone(row):
    return row["Status"] in GONE


def _open_contact(row):
    return row["contact_id"] if row["Status"] == "AUTHORISED" else None


class Organisation:
    """One tenant with so many employees. ``number`` counts from 1; ids and seeds are the same in
    every run."""

    def __init__(self, country, number, clock, employees=60):
        self.clock = clock
        self.country = country
        self.number = number
        self.tenant_id = seed_id(country, number, "tenant")
        self.details = organisation_details(country, number, clock.stamp() - 86_400_000)
        self.rounding_enabled = False
        self.refused_actions = []
        self.quirks = []
        self.cis = {"CISContractorEnabled": False}
        self.subcontractors = {}  # deduction rates by contact
        self.seeded = {}
        self.undo = UndoLog()
        self._make_tables()
        self.ledger = Ledger(self.undo)
        self.next_number = {"ACCREC": 1, "ACCRECCREDIT": 1}
        self.payroll = Payroll(self)
        fill(self, country, number)
        fill_payroll(self, employees)

    def _make_tables(self):
        undo = self.undo
        self.accounts = Table(undo, "AccountID", code=lambda row: row.get("Code"),
                              system=lambda row: row.get("SystemAccount"))
        self.tax_rates = Table(undo, "TaxType")
        self.currencies = Table(undo, "Code")
        self.tracking = Table(undo, "TrackingCategoryID")
        self.branding = Table(undo, "BrandingThemeID")
        self.contacts = Table(
            undo, "ContactID", name=_contact_name(True), archived_name=_contact_name(False),
            number=lambda row: row["ContactNumber"] or None,
            hidden=lambda row: row["ContactStatus"] != "ACTIVE")
        self.items = Table(undo, "ItemID", code=lambda row: row["Code"])
        documents = {"hidden": _is_gone, "groups": {
            "open": _open_contact, "contact": lambda row: row["contact_id"]}}
        self.invoices = Table(undo, "InvoiceID", number=lambda row: (
            row["InvoiceNumber"] if row["Type"] == "ACCREC" else None), **documents)
        self.credit_notes = Table(undo, "CreditNoteID", number=lambda row: (
            row["CreditNoteNumber"] if row["Type"] == "ACCRECCREDIT" else None), **documents)
        self.overpayments = Table(undo, "OverpaymentID", **documents)
        self.prepayments = Table(undo, "PrepaymentID", number=lambda row: (
            row["InvoiceNumber"] or None), **documents)
        self.bank_transactions = Table(undo, "BankTransactionID", **documents)
        self.manual_journals = Table(undo, "ManualJournalID", hidden=_is_gone)
        # A deleted order keeps its number.
        self.purchase_orders = Table(
            undo, "PurchaseOrderID", number=lambda row: row["PurchaseOrderNumber"].upper())
        self.payments = Table(undo, "PaymentID", hidden=_is_gone)
        self.batch_payments = Table(undo, "BatchPaymentID", hidden=_is_gone)
        self.contact_groups = Table(undo, "ContactGroupID", hidden=_is_gone)
        self.history = Table(undo, "RecordID")
        self.attachments = Table(undo, "AttachmentID", groups={"owner": lambda row: row["owner"]})

    @property
    def base_currency(self):
        """Code of the organisation's own currency."""
        return self.details["BaseCurrency"]

    def stamp(self):
        """A fresh UpdatedDateUTC in milliseconds."""
        return self.clock.stamp()

    def today(self):
        """The civil date now in the organisation's time zone."""
        moment = datetime.fromtimestamp(self.clock.now(), timezone.utc)
        try:
            zone = ZoneInfo(COUNTRIES[self.country]["zone"])
        except ZoneInfoNotFoundError:  # no tz database on this machine
            zone = timezone.utc
        return moment.astimezone(zone).date().isoformat()

    def day_rate(self, currency):
        """Units of ``currency`` for one unit of the base currency, 6 decimals."""
        per_usd = Decimal(PER_USD.get(currency, "1"))
        return rounded(per_usd / Decimal(PER_USD[self.base_currency]), 6)

    def system_account(self, name):
        """The account with this SystemAccount name, such as DEBTORS."""
        return self.accounts.find("system", name)

    def has_files(self, record_id):
        """Whether a record has attachments."""
        return bool(self.attachments.group("owner", record_id))

    def note(self, record_id, changes, details=""):
        """Add a line to the history of a record."""
        note(self, record_id, changes, details)

    def seed_contacts(self, count, **options):
        """Many contacts at once; see :func:`~xero_sandbox.seeds.bulk.contacts`."""
        return bulk.contacts(self, count, **options)

    def seed_items(self, count):
        """Many items at once; see :func:`~xero_sandbox.seeds.bulk.items`."""
        return bulk.items(self, count)

    def seed_invoices_with_payments(self, count, **options):
        """Many paid documents at once; see :func:`~xero_sandbox.seeds.bulk_documents.paid`."""
        return bulk_documents.paid(self, count, **options)

    def seed_payroll(self, **options):
        """Staff and pay runs; see :func:`~xero_sandbox.payroll.seeds.build.fill`."""
        return fill_payroll(self, **options)

    def take_number(self, kind, prefix, table):
        """The next free automatic number such as INV-0001."""
        before = self.next_number.setdefault(kind, 1)
        self.undo.add(lambda: self.next_number.update({kind: before}))
        while True:
            number = f"{prefix}-{self.next_number[kind]:04d}"
            self.next_number[kind] += 1
            if table.find("number", number) is None:
                return number

    @contextmanager
    def transaction(self):
        """Keep all writes made inside, or none when an exception leaves the block."""
        self.undo.clear()
        try:
            yield self.undo
        except BaseException:
            self.undo.rollback()
            raise
        finally:
            self.undo.clear()

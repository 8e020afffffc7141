"""What the fields that we read may look like in an answer of Xero's.

Whoever is above the client relies on it: an id is a GUID, a list holds mappings, an amount is a
number that a ledger can hold. Fields that we do not read are left as they are.
"""

import re
from decimal import Decimal

DEEPEST = 50
LARGEST = 10**12
CODE, TEXT = 255, 2000  # characters; a longer code is refused, a longer text is shortened
COUNT = 2**31  # what an integer column holds
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# PostgreSQL stores neither NUL nor half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def guid(value):
    """An id as Xero writes it."""
    if not isinstance(value, str) or not _GUID.fullmatch(value):
        raise ValueError("not an id")
    return value


def text(value):
    """A text for people, shortened and without what cannot be stored."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return _UNSTORABLE.sub("\ufffd", value[:TEXT])


def code(value):
    """A text that something is known by: never shortened."""
    if not isinstance(value, str) or len(value) > CODE:
        raise ValueError("not a code")
    return text(value)


def number(value):
    """An amount or a rate."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a number")
    if isinstance(value, Decimal) and not value.is_finite() or abs(value) >= LARGEST:
        raise ValueError("not a number of a ledger")
    return value


def count(value):
    """A whole number that an integer column holds."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= COUNT:
        raise ValueError("not a count")
    return value


def numbers(value):
    """An amount, or a list of them."""
    return [number(one) for one in value] if isinstance(value, list) else number(value)


def row(value):
    """A mapping."""
    if not isinstance(value, dict):
        raise ValueError("not a mapping")
    return value


def rows(value):
    """A list of mappings."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("not a list of mappings")
    return value


_KINDS = {
    guid: "AccountID AllocationID AttachmentID BankTransactionID BatchPaymentID BrandingThemeID ContactID "
    "CreditNoteID InvoiceID LineItemID ManualJournalID OrganisationID OverpaymentID PaymentID PrepaymentID "
    "PurchaseOrderID TrackingCategoryID TrackingOptionID tenantId",
    text: "Detail EmailAddress LegalName Message Name Narration Url error tenantName",
    code: "AccountCode AccountNumber BaseCurrency Class Code ContactNumber ContactStatus CountryCode "
    "CreditNoteNumber CurrencyCode DateString DueDate DueDateString FileName InvoiceNumber LineAmountTypes "
    "PurchaseOrderNumber SalesTaxBasis SalesTaxPeriod ShortCode Status StatusAttributeString SystemAccount "
    "TaxType Timezone Type UpdatedDateUTC tenantType",
    number: "AmountCredited AmountDue AmountPaid CurrencyRate EffectiveRate LineAmount Rate RemainingCredit SubTotal "
    "TaxAmount Total TotalAmount TotalTax",
    count: "ContentLength SortOrder",
    row: "BankAccount Contact",
    rows: "Accounts Actions Allocations Attachments BankTransactions BatchPayments BrandingThemes Contacts "
    "CreditNotes Currencies Elements Invoices JournalLines LineItems ManualJournals Options Organisations "
    "Overpayments Prepayments PurchaseOrders TaxComponents TaxRates Tracking TrackingCategories ValidationErrors "
    "Warnings",
}
# Payroll: Australia's spelling, then what the other countries call it; camelCase there.
_PAYROLL_KINDS = {
    guid: "EmployeeID PayrollCalendarID PayRunID PayslipID LeaveTypeID LeaveApplicationID EarningsRateID "
    "DeductionTypeID ReimbursementTypeID OrdinaryEarningsRateID TimesheetID employeeID payrollCalendarID payRunID "
    "paySlipID leaveTypeID leaveID earningsRateID deductionId reimbursementID timesheetID expenseAccountID accountID "
    "liabilityAccountId payTemplateEarningID salaryAndWagesID",
    text: "FirstName LastName JobTitle Title Email LeaveName detail reason firstName lastName jobTitle email name "
    "description deductionName",
    code: "CalendarType EarningsType EmploymentType LeavePeriodStatus PayRunStatus PaymentDate RateType StartDate "
    "EndDate TypeOfUnits calendarType earningsType engagementType payRunStatus paymentDate periodStatus rateType "
    "startDate endDate status typeOfUnits updatedDateUTC",
    number: "AnnualSalary Wages Deductions Tax Super Reimbursement Reimbursements NetPay Multiplier balance "
    "annualSalary multipleOfOrdinaryEarningsRate totalCost totalPay totalEarnings totalEmployeeTaxes "
    "totalEmployerTaxes totalDeductions totalReimbursements totalStatutoryDeductions totalSuperannuation "
    "totalCourtOrders totalBenefits",
    numbers: "NumberOfUnits NormalNumberOfUnits numberOfUnits",
    row: "PayTemplate employee payRun timesheet leaveType earningsRate reimbursement deduction payRunCalendar "
    "payTemplate earningTemplate",
    rows: "Employees EarningsRates DeductionTypes LeaveTypes ReimbursementTypes LeaveBalances LeavePeriods "
    "LeaveApplications PayRuns Payslips PayrollCalendars Timesheets TimesheetLines EarningsLines DeductionLines "
    "LeaveLines ReimbursementLines employees earningsRates deductions reimbursements leaveTypes payRunCalendars "
    "leaveBalances payRuns paySlips periods timesheets timesheetLines contracts SuperLines "
    "earningTemplates salaryAndWages",
}
FIELDS = {name: kind for kinds in (_KINDS, _PAYROLL_KINDS) for kind, names in kinds.items() for name in names.split()}


def check(data):
    """`data` of an answer, its texts cleaned in place; ``null`` is fine everywhere.

    :raises ValueError: a field that we read is not what it has to be, or the answer is nested too deep
    """
    waiting = [(data, 0)] if isinstance(data, dict | list) else []
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise ValueError("nested too deep")
        if isinstance(node, dict):
            for name, value in node.items():
                if value is not None and (kind := FIELDS.get(name)):
                    node[name] = kind(value)
            node = node.values()
        waiting.extend((child, depth + 1) for child in node if isinstance(child, dict | list))
    return data

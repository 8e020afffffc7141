"""The tax rates of a new organisation (facts, section 3.3 "TaxRates").

Each row: tax type, name, report tax type, rate in percent, classes of account it may be
used on (A assets, E equity, X expenses, L liabilities, R revenue).
"""

from decimal import Decimal

ALL = "AEXLR"
SALES = "AELR"
COSTS = "AEXL"

RATES = {
    "AU": [
        ("OUTPUT", "GST on Income", "OUTPUT", "10", SALES),
        ("INPUT", "GST on Expenses", "INPUT", "10", COSTS),
        ("EXEMPTOUTPUT", "GST Free Income", "EXEMPTOUTPUT", "0", SALES),
        ("EXEMPTEXPENSES", "GST Free Expenses", "EXEMPTEXPENSES", "0", COSTS),
        ("BASEXCLUDED", "BAS Excluded", "BASEXCLUDED", "0", ALL),
        ("CAPEXINPUT", "GST on Capital", "CAPITALEXINPUT", "10", COSTS),
        ("GSTONIMPORTS", "GST on Imports", "GSTONIMPORTS", "0", "AXL"),
        ("INPUTTAXED", "Input Taxed", "INPUTTAXED", "0", SALES),
    ],
    "NZ": [
        ("OUTPUT2", "15% GST on Income", "OUTPUT", "15", SALES),
        ("INPUT2", "15% GST on Expenses", "INPUT", "15", COSTS),
        ("ZERORATED", "Zero Rated", "NONE", "0", ALL),
        ("NONE", "No GST", "NONE", "0", ALL),
        ("GSTONIMPORTS", "GST on Imports", "GSTONIMPORTS", "0", "L"),
    ],
    "UK": [
        ("OUTPUT2", "20% (VAT on Income)", "OUTPUT", "20", SALES),
        ("INPUT2", "20% (VAT on Expenses)", "INPUT", "20", COSTS),
        ("RROUTPUT", "5% (VAT on Income)", "OUTPUT", "5", SALES),
        ("RRINPUT", "5% (VAT on Expenses)", "INPUT", "5", COSTS),
        ("ZERORATEDOUTPUT", "Zero Rated Income", "OUTPUT", "0", SALES),
        ("ZERORATEDINPUT", "Zero Rated Expenses", "INPUT", "0", COSTS),
        ("EXEMPTOUTPUT", "Exempt Income", "EXEMPTOUTPUT", "0", SALES),
        ("EXEMPTINPUT", "Exempt Expenses", "EXEMPTINPUT", "0", COSTS),
        ("NONE", "No VAT", "NONE", "0", ALL),
        ("ECZROUTPUT", "Zero Rated EC Goods Income", "ECOUTPUT", "0", SALES),
        ("ECZROUTPUTSERVICES", "Zero Rated EC Services", "ECOUTPUTSERVICES", "0", SALES),
        ("ECZRINPUT", "Zero Rated EC Expenses", "ECINPUT", "0", COSTS),
        ("REVERSECHARGES", "Reverse Charge Expenses (20%)", "REVERSECHARGES", "20/-20", COSTS),
        ("DRCHARGESUPPLY20", "Domestic Reverse Charge @ 20% (VAT on Income)",
         "DRCHARGESUPPLY", "0", SALES),
        ("DRCHARGE20", "Domestic Reverse Charge @ 20% (VAT on Expenses)",
         "DRCHARGE", "20/-20", COSTS),
    ],
}
_CLASSES = {"Assets": "A", "Equity": "E", "Expenses": "X", "Liabilities": "L", "Revenue": "R"}


def tax_rates(country):
    """TaxRate rows of ``country`` (AU, NZ, UK) as the API shows them."""
    name = "VAT" if country == "UK" else "GST"
    return [_row(name, *rate) for rate in RATES[country]]


def _row(component, tax_type, name, report, rate, classes):
    rates = [Decimal(part) for part in rate.split("/")]
    row = {
        "Name": name, "TaxType": tax_type, "ReportTaxType": report,
        "DisplayTaxRate": sum(rates), "EffectiveRate": sum(rates), "Status": "ACTIVE",
        "TaxComponents": [
            {"Name": component, "Rate": part, "IsCompound": False, "IsNonRecoverable": False}
            for part in rates
        ],
    }
    for label, letter in _CLASSES.items():
        row[f"CanApplyTo{label}"] = letter in classes
    return row

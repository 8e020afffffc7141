"""What distinguishes organisations of the three countries."""

CURRENCY_NAMES = {
    "AUD": "Australian Dollar", "NZD": "New Zealand Dollar", "GBP": "British Pound",
    "USD": "United States Dollar", "EUR": "Euro", "JPY": "Japanese Yen",
    "SGD": "Singapore Dollar", "CAD": "Canadian Dollar", "CHF": "Swiss Franc",
    "CNY": "Chinese Yuan", "HKD": "Hong Kong Dollar", "INR": "Indian Rupee",
    "ZAR": "South African Rand", "FJD": "Fijian Dollar",
}

# Units of the currency that one US dollar buys, the sandbox's "XE day rate".
PER_USD = {
    "USD": "1", "AUD": "1.52", "NZD": "1.68", "GBP": "0.79", "EUR": "0.92", "JPY": "151",
    "SGD": "1.34", "CAD": "1.37", "CHF": "0.88", "CNY": "7.2", "HKD": "7.8", "INR": "84",
    "ZAR": "18.2", "FJD": "2.25",
}

COUNTRIES = {
    "AU": {
        "BaseCurrency": "AUD", "CountryCode": "AU", "Version": "AU",
        "Timezone": "AUSEASTERNSTANDARDTIME", "zone": "Australia/Sydney",
        "FinancialYearEndDay": 30, "FinancialYearEndMonth": 6,
        "SalesTaxBasis": "ACCRUALS", "SalesTaxPeriod": "QUARTERLY1",
        "TaxNumber": "11 111 111 138", "bank": "06200012345678",
        "street": ("23 Main Street", "Marineville", "NSW", "2000", "Australia"),
    },
    "NZ": {
        "BaseCurrency": "NZD", "CountryCode": "NZ", "Version": "NZ",
        "Timezone": "NEWZEALANDSTANDARDTIME", "zone": "Pacific/Auckland",
        "FinancialYearEndDay": 31, "FinancialYearEndMonth": 3,
        "SalesTaxBasis": "PAYMENTS", "SalesTaxPeriod": "TWOMONTHS",
        "TaxNumber": "101-2-303", "bank": "0209087654321050",
        "street": ("23 Main Street", "Marineville", "Wellington", "6012", "New Zealand"),
    },
    "UK": {
        "BaseCurrency": "GBP", "CountryCode": "GB", "Version": "UK",
        "Timezone": "GMTSTANDARDTIME", "zone": "Europe/London",
        "FinancialYearEndDay": 31, "FinancialYearEndMonth": 12,
        "SalesTaxBasis": "ACCRUAL", "SalesTaxPeriod": "QUARTERLY",
        "TaxNumber": "GB 123 4567 89", "bank": "20222212345678",
        "street": ("23 Main Street", "Marineville", "Kent", "ME1 1AA", "United Kingdom"),
    },
}

CONTACTS = [
    # name, first, last, email, account number, status
    ("Ridgeway University", "Carol", "Hastings", "accounts@ridgeway.example", "RID-01", "ACTIVE"),
    ("Boom FM", "Human", "Resources", "billing@boomfm.example", "BOO-01", "ACTIVE"),
    ("City Limousines", "Martin", "Dale", "martin@citylimo.example", "", "ACTIVE"),
    ("Marine Systems", "Nora", "Bright", "nora@marinesystems.example", "", "ACTIVE"),
    ("PowerDirect", "", "", "invoices@powerdirect.example", "", "ACTIVE"),
    ("Swanston Security", "", "", "office@swanston.example", "", "ACTIVE"),
    ("Old Harbour Traders", "Ida", "Fenn", "ida@oldharbour.example", "", "ARCHIVED"),
]

TRACKING = {
    "Region": ["Eastside", "North", "South", "West Coast"],
    "Salesperson": ["Alex", "Kim", "Sam"],
}

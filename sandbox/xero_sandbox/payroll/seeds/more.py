"""Fields that payroll keeps for an API without looking at them, as a new organisation has them."""

from ...seeds.countries import COUNTRIES


def earnings_more(earnings_type, qualifying=True):
    """Flags of an AU earnings rate; ``qualifying`` None: from before May 2026, when they had none."""
    more = {"EarningsType": earnings_type, "IsExemptFromTax": False, "IsExemptFromSuper": False,
            "IsReportableAsW1": True}
    return more if qualifying is None else {**more, "IsQualifyingEarnings": qualifying}


def leave_more(category, qualifying=True):
    """Flags of an AU leave type."""
    more = {"LeaveCategoryCode": category} if category else {}
    return more if qualifying is None else {**more, "IsQualifyingEarnings": qualifying}


def employee_more(country, number, sparse):
    """Address, tax and bank fields of a seeded person, in the spelling of the country's API."""
    street, city, region, postcode, land = COUNTRIES[country]["street"]
    if country == "AU":
        return {
            "HomeAddress": {"AddressLine1": f"{number} {street[3:]}", "City": city,
                            "Region": region, "PostalCode": postcode, "Country": "AUSTRALIA"},
            "EmploymentType": "EMPLOYEE", "IncomeType": "SALARYANDWAGES",
            "CountryOfResidence": "AU", "IsSTP2Qualified": True,
            "IsAuthorisedToApproveLeave": number == 1,
            "IsAuthorisedToApproveTimesheets": number == 1,
            "TaxDeclaration": {"EmploymentBasis": "PARTTIME" if number % 4 == 0 else "FULLTIME",
                               "ResidencyStatus": "AUSTRALIANRESIDENT",
                               "TaxFreeThresholdClaimed": True, "TaxScaleType": "REGULAR"},
            "BankAccounts": [{"StatementText": "Salary", "AccountName": "Wages",
                              "BSB": "062000", "AccountNumber": f"{10000000 + number}",
                              "Remainder": True}]}
    address = {"addressLine1": f"{number} {street[3:]}", "addressLine2": None, "city": city,
               "postCode": postcode, "countryName": land.upper()}
    if country == "NZ":
        address["suburb"] = None
    if sparse:
        address = dict.fromkeys(address)
    more = {"address": address}
    if country == "UK":
        more |= {"nationalInsuranceNumber": f"AB{100000 + number}C", "employeeNumber": f"{number}",
                 "niCategories": [{"niCategory": "A", "workplacePostcode": postcode}]}
    return more

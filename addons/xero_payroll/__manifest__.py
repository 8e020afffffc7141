{
    "name": "Xero Connector: Payroll",
    "summary": "Staff, leave, timesheets and pay runs of Xero Payroll (Australia, New Zealand, United Kingdom)",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Xero Connector contributors",
    "license": "LGPL-3",
    "depends": ["xero_connector", "hr_holidays", "hr_timesheet"],
    "data": [
        "security/xero_payroll_groups.xml",
        "security/ir.model.access.csv",
        "security/xero_payroll_rules.xml",
    ],
}

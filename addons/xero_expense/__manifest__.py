{
    "name": "Xero Connector: Expenses",
    "summary": "Expenses go to Xero as bills",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Xero Connector contributors",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["xero_connector", "hr_expense"],
    "data": [
        "data/xero_known_error_data.xml",
        "views/hr_expense_views.xml",
        "views/xero_connection_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}

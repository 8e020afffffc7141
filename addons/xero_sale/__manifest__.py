{
    "name": "Xero Connector: Sales Orders",
    "summary": "Sales orders show what of their invoices is paid in Xero",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Xero Connector contributors",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["xero_connector", "sale"],
    "data": ["views/sale_order_views.xml"],
    "uninstall_hook": "uninstall_hook",
}

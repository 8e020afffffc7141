{
    "name": "Xero Connector: Purchase Orders",
    "summary": "Purchase orders go to Xero",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Xero Connector contributors",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["xero_connector", "purchase"],
    "data": [
        "data/xero_known_error_data.xml",
        "views/purchase_order_views.xml",
        "views/xero_connection_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}

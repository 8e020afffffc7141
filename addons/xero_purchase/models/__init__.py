from . import purchase_order, purchase_order_line, xero_connection, xero_todo

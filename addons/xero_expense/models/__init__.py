from . import account_move, hr_expense, xero_connection, xero_link

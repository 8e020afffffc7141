from . import account_move, hr_expense, xero_approval, xero_connection, xero_link, xero_todo

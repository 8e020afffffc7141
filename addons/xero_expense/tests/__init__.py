from . import (
    test_push_expenses,
    test_expense_approvals,
    test_expense_batches,
    test_expense_changes,
    test_expense_payments,
    test_expense_files,
    test_expense_rights,
    test_expense_cures,
    test_expense_todo,
    test_storm_expenses,
)

from . import test_push_invoice, test_tax_table

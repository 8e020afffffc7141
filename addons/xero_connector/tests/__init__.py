from . import (
    test_connection,
    test_push_batches,
    test_push_documents,
    test_push_failures,
    test_push_invoice,
    test_tax_table,
)

from . import (
    test_connection,
    test_contacts,
    test_preflight,
    test_push_batches,
    test_push_documents,
    test_push_failures,
    test_push_invoice,
    test_reference,
    test_screens,
    test_security,
    test_structure,
    test_tax_table,
)

from . import (
    test_new_vendors,
    test_number_trap,
    test_order_approvals,
    test_order_batches,
    test_order_cures,
    test_order_rights,
    test_orders_property,
    test_push_orders,
)

from . import test_sale_flow, test_sale_payments, test_sale_rights

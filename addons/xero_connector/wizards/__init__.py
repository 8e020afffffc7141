from . import base_partner_merge, xero_mapping_wizard

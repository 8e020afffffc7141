from . import base_partner_merge, xero_candidate_wizard, xero_mapping_wizard

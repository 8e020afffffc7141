from . import xero_mapping_wizard

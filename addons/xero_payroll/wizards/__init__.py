from . import xero_leave_type_wizard

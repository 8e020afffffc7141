"""What Xero says of payroll when it sends people back from the consent."""

from odoo.addons.xero_connector.controllers.oauth import XeroOauth


class XeroPayrollOauth(XeroOauth):
    """Xero knows all of our scopes: where it refuses one, it is payroll's (CON-22, ERR-13)."""

    def _log(self, connection, kind, detail):
        # EXTENDS xero_connector
        if detail == "invalid_scope" and connection.payroll_access:
            kind = "consent_without_payroll"
        return super()._log(connection, kind, detail)

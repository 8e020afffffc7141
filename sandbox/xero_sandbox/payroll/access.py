"""Who may call payroll (facts, sections 1.5 and 4.1)."""

from ..errors import Forbidden, Unauthorized
from ..oauth import scopes
from ..surface import Surface


class PayrollSurface(Surface):
    """What both versions share: their scopes, and who may use payroll at all."""

    def __init__(self, root, country, routes):
        super().__init__(root, routes, name=root, country=country)

    def allows(self, granted, method, path):
        """Whether the payroll scopes ``granted`` open a call."""
        return scopes.allows_payroll(granted, method, path)

    def admit(self, org):
        """Payroll must be set up, and the connecting user its administrator."""
        if org.payroll.access == "not_set_up":
            raise Unauthorized("AuthorizationUnsuccessful")
        if org.payroll.access == "no_permission":
            raise Forbidden("AuthorizationUnsuccessful")

"""The payroll APIs: 1.0 of AU, and 2.0 as each country has it (facts, section 4.1)."""

from . import au, v2
from .access import PayrollSurface
from .v2.surface import SurfaceV2

V1, V2 = "/payroll.xro/1.0", "/payroll.xro/2.0"
PAYROLL = (PayrollSurface(V1, "AU", au.ROUTES), *(
    SurfaceV2(V2, country, routes) for country, routes in v2.ROUTES.items()))

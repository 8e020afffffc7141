"""Xero Payroll by country: one class per region; no ORM, no HTTP."""

from .region import ALL, Region, Source
from .au import Australia
from .nz import NewZealand
from .uk import UnitedKingdom

REGIONS = {region.code: region for region in (Australia(), NewZealand(), UnitedKingdom())}


def region_of(country_code):
    """The region of an organisation, ``None`` where Xero has no payroll for other programs.

    :param country_code: CountryCode of the organisation, e.g. ``AU``
    """
    return REGIONS.get(country_code)

"""The staff, calendars and pay items of a new organisation."""

"""Payroll 2.0 of AU (timesheets), NZ and UK: camelCase, ISO dates, problems (facts, 4.3 to 4.5)."""

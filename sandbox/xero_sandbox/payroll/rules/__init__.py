"""What payroll allows, and what follows from it; the same for all countries."""

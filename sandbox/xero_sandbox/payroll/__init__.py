"""Xero Payroll: one set of staff, pay runs and leave per organisation, and the APIs that show it.

``store`` keeps the records in one shape for all countries, ``rules`` says what may be done with
them, ``au`` (1.0) and ``v2`` (2.0) say how each API takes and shows them, ``seeds`` fills them.
"""

"""Xero's login and identity servers: consent, tokens, connections (facts, section 1)."""

"""What a fresh organisation contains, per country: demo chart, tax rates, contacts."""

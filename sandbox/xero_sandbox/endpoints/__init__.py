"""The endpoints of the accounting API, one file per resource."""

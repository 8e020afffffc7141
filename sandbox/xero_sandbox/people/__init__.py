"""What people do in Xero's own screens, one file per part of Xero."""

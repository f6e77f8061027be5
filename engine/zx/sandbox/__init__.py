"""A faithful simulator of Zoho CRM and of Xero: two WSGI applications over one SQLite file each."""

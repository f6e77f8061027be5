"""zx: accounting sync as code. Plain-text rules keep Zoho CRM and Xero in step."""

__version__ = "0.1.0"

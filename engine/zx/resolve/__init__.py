"""Names across files: who uses whom, and what every section holds once the extensions are in."""

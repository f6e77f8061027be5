"""The grammar of the rule language, as package data."""

"""The starter rules, as package data. The repository root uses them as its own rules."""

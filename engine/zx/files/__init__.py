"""The real disk: atomic replace, synced append, limited reads, private folders, the lock."""

"""The nouns of a sync: records, snapshots, links and journal entries. Frozen values without behaviour of their own."""

"""Clients of the two real services (and of anything that speaks like them). ``connect`` is the door.

Codecs are pure; readers and writers know the vendors' paths and words; ``http`` knows bytes, tokens and how things
end.
"""

"""HTTP with care: pinned hosts, one request per write, tokens saved before use, every end given its class."""

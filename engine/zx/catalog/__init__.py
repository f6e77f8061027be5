"""What both systems offer: kinds of record, their fields, enumerations and the organisation's own lists."""

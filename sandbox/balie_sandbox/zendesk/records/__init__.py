"""The account's simple records: groups, organisations, fields, macros and their like."""

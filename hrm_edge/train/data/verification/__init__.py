"""Every program that is taught has been run: many of one language at a time, and a ledger of what ran."""

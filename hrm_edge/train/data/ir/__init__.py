"""The intermediate form of a problem: typed programs, their reader, their interpreter and what is known about them."""

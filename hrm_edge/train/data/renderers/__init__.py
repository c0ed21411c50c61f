"""A typed program as idiomatic source, in six languages."""

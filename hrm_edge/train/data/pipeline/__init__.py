"""From a recipe to shards: sampling, order, filters, packing, statistics."""

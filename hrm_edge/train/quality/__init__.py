"""What a finished or growing model is worth: held-out loss, depth, error per cycle."""

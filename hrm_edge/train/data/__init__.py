"""The data a model is trained on: real sets in, and a curriculum of our own in which every program has been run."""

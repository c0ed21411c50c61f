"""The commands of `hrm-edge`: a file or a folder each. Heavy imports stand inside functions."""

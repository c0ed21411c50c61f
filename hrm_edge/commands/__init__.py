"""The commands of `hrm-edge`, one file each, and what they share. Heavy imports stand inside functions."""

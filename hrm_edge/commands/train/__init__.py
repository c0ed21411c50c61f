"""`hrm-edge train` and its options."""

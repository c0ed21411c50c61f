"""`hrm-edge bench`: its options, the two measurements (accuracy, hardware) and what it prints and writes."""

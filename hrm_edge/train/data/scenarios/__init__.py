"""What is asked about a problem: write it, repair it, edit it, run it by hand, translate it, test it."""

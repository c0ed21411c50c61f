"""What is asked and how an answer is checked, and the exercises and private tests that are read from elsewhere."""

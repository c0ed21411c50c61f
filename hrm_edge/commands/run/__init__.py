"""`hrm-edge run`: what was asked and with which files, the answer, the edits it makes, and the interactive prompt."""

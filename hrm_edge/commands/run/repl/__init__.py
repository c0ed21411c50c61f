"""The interactive prompt of `hrm-edge run`: its line editor, its commands, its colours, and shell commands it runs."""

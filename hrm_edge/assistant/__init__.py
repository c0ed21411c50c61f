"""Verified answers: what `hrm-edge run` and the server do between a request and an answer that was run."""

"""`python -m hrm_edge`: the same as `hrm-edge`."""

from hrm_edge.cli import main

main()

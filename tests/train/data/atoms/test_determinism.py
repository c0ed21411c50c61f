"""Expected values are the same in every process: no reference takes the order of a set of strings into its result."""

import subprocess
import sys

SCRIPT = """
import copy, random
from hrm_edge.train.data.atoms.catalogue import load_catalogue

for name, atom in sorted(load_catalogue().items()):
    rng = random.Random(name)
    for _ in range(6):
        values = [domain.draw(rng) for domain in atom.inputs.values()]
        try:
            print(name, repr(atom.reference(*copy.deepcopy(values))))
        except Exception as error:
            print(name, type(error).__name__)  # a value outside what the atom is defined for
"""


def test_references_give_the_same_whatever_the_hash_seed():
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, env={"PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0].splitlines() for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert len(first) > 4000
    assert [(a, b) for a, b in zip(first, second, strict=True) if a != b] == []

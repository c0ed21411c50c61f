"""What no training learns from: a share of the groups, chosen by their names.

A group is what an example is about (a problem of the curriculum, a page, a recipe), so all its tellings, languages and
scenarios are held out together.
"""

import hashlib

HELD_OUT_SHARE = 0.02


def is_held_out(group: str) -> bool:
    """Whether the examples of a group are for measuring only; the same on every machine."""
    digest = hashlib.blake2b(group.encode(), digest_size=4, person=b"held out").digest()
    return int.from_bytes(digest) < HELD_OUT_SHARE * 2**32

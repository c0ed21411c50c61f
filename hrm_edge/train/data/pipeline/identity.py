"""Which example is which, and which shard owns it.

Two examples are the same where requests and responses are equal after each run of white space has become one space and
the request is in lower case. No example may be in two shards, and no shard may have to ask another:

- A source with an end (files) is read whole by every machine that builds, in the order of the recipe. The first of
  equal examples stays, and its identity, 64 bits of BLAKE2b, selects the shard it belongs to.
- A source without end (the curriculum) cannot be read whole, and to make everything in order to keep one part in N
  would cost N times the work. But what problem number n is about is known before anything is rendered: its `key`,
  which decides every text that can come of it. The key's hash selects the shard. So problems that could say the same
  meet in one shard, which sees their duplicates; other shards skip them at the price of a key.
- Between the two kinds: every machine knows the identities of everything finite, and an endless source's example that
  is among them is a duplicate in whichever shard it turns up.

`hrm-edge data stats` compares the identities of all shards at hand, which are stored with the rows.
"""

import hashlib

_BYTES = 8


def identity(request: str, response: str) -> int:
    """64 bits that are equal for equal examples."""
    return _hash(" ".join(request.lower().split()) + "\0" + " ".join(response.split()))


def owner(key: str | int, shards: int) -> int:
    """The number of the shard that owns a problem's key or an example's identity."""
    return (_hash(key) if isinstance(key, str) else key) % shards


def lot(number: int, seed: int) -> int:
    """An identity's place in a lottery: the same examples win whatever the order in which they are read."""
    return _hash(f"{seed}/{number}")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=_BYTES).digest(), "big")

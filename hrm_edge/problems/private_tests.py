"""The text in base64(zlib(pickle(text))), as LiveCodeBench packs private tests; nothing but one text is let through.

The pickle is never executed: it is disassembled (`pickletools`), and only the few opcodes that spell one text are
allowed. A pickle of one `str`, by protocol 4:

    PROTO 4 · FRAME n · BINUNICODE "[{…}]" · MEMOIZE · STOP
"""

import base64
import binascii
import pickletools
import zlib

from hrm_edge.errors import DataError

LARGEST_BYTES = 256 * 2**20
"""Of the unpacked pickle; the largest of the official ones have tens of megabytes."""
_TEXT_OPCODES = frozenset({"UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"})
_OTHER_OPCODES = frozenset({"PROTO", "FRAME", "PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE", "STOP"})
"""Versions, lengths and places in the memo: none of them makes, changes or calls anything."""


def unpack_text(packed: str, place: str) -> str:
    """The text that was pickled, compressed and encoded.

    Raises:
        DataError: it is no base64, no zlib stream of at most LARGEST_BYTES, or a pickle of anything but one text.
    """
    return unpickle_text(_decompress(_decode(packed, place), place), place)


def unpickle_text(pickled: bytes, place: str) -> str:
    """The text that a pickle holds, found without executing it.

    Raises:
        DataError: it is no pickle, or holds anything but one text.
    """
    texts: list[str] = []
    end = None
    try:
        for opcode, argument, position in pickletools.genops(pickled):
            if opcode.name in _TEXT_OPCODES:
                texts.append(str(argument))
            elif opcode.name not in _OTHER_OPCODES:
                raise DataError(
                    f"{place} holds a pickle with {opcode.name}, which may run code: only a packed text is read; "
                    "take the row out"
                )
            end = position
    # what pickletools raises for bytes that are no pickle; UnicodeDecodeError is a ValueError
    except (ValueError, OverflowError, MemoryError) as error:
        raise DataError(f"{place} holds no pickle ({error}): fetch the file again") from error
    if len(texts) != 1 or end != len(pickled) - 1:
        raise DataError(f"{place} holds a pickle of something else than one text: fetch the file again")
    return texts[0]


def _decode(packed: str, place: str) -> bytes:
    try:
        return base64.b64decode("".join(packed.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise DataError(f"{place} is neither JSON nor base64 ({error}): fetch the file again") from error


def _decompress(compressed: bytes, place: str) -> bytes:
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(compressed, LARGEST_BYTES + 1)
    except zlib.error as error:
        raise DataError(f"{place} is no zlib stream ({error}): fetch the file again") from error
    if len(content) > LARGEST_BYTES:
        raise DataError(f"{place} unpacks to more than {LARGEST_BYTES:,} bytes: no problem has so many tests")
    if not stream.eof or stream.unused_data:
        raise DataError(f"{place} is no whole zlib stream: fetch the file again")
    return content

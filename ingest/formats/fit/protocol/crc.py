"""FIT checksum: CRC-16 with polynomial x^16 + x^15 + x^2 + 1, reflected bits, initial value 0."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Octets: TypeAlias = npt.NDArray[np.uint8]

_REFLECTED = 0xA001
_TRINOMIAL = 0xC001
_ORDER = 32_767
_LARGEST_STEP = 2_048
_SHORT = 30


def crc16(data: bytes | bytearray | memoryview) -> int:
    """Checksum of ``data``, vectorised instead of looping over bytes.

    The polynomial is (x + 1)(x^15 + x + 1) with order 32767, so blocks of 32767 bytes can be combined by XOR.
    Modulo the trinomial x^(15 m) = x^m + 1 holds for every power of two m, so the rest is halved by two XORs
    until a table lookup finishes it. The lost remainder modulo x + 1 is the parity of all bits.

    Examples
    --------
    >>> hex(crc16(b"123456789"))
    '0xbb3d'
    """
    octets = _fold_blocks(np.frombuffer(data, np.uint8))
    rest = _crc16_by_table(_fold_powers(octets))
    parity = int(np.bitwise_xor.reduce(octets)) if len(octets) else 0
    return rest ^ _TRINOMIAL if (rest.bit_count() ^ parity.bit_count()) & 1 else rest


def _fold_blocks(octets: Octets) -> Octets:
    """At most 32767 bytes with the same checksum; always a copy."""
    head = len(octets) % _ORDER
    if len(octets) <= _ORDER:
        return octets.copy()
    folded: Octets = np.bitwise_xor.reduce(octets[head:].reshape(-1, _ORDER), axis=0)
    folded[_ORDER - head :] ^= octets[:head]
    return folded


def _fold_powers(octets: Octets) -> bytes:
    """At most 30 bytes with the same remainder modulo the trinomial."""
    rest = octets.copy()
    step = _LARGEST_STEP
    while len(rest) > _SHORT:
        while len(rest) <= 15 * step:
            step //= 2
        top = min(len(rest) - 15 * step, 14 * step)
        rest[15 * step : 15 * step + top] ^= rest[:top]
        rest[14 * step : 14 * step + top] ^= rest[:top]
        rest = rest[top:]
    return rest.tobytes()


def _crc16_by_table(data: bytes) -> int:
    crc = 0
    for octet in data:
        crc = _TABLE[(crc ^ octet) & 0xFF] ^ (crc >> 8)
    return crc


def _table() -> tuple[int, ...]:
    table = []
    for octet in range(256):
        crc = octet
        for _ in range(8):
            crc = (crc >> 1) ^ (_REFLECTED if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


_TABLE = _table()

"""The checksum: exact for every length at which its folding changes course."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.fit.protocol.crc import crc16


def bit_by_bit(data: bytes) -> int:
    """The definition, as slow as it is plain."""
    crc = 0
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def test_the_checksum_of_the_catalogue_is_met() -> None:
    """The check value of CRC-16/ARC."""
    checksum = crc16(b"123456789")

    assert checksum == 0xBB3D


@given(data=st.binary(max_size=400))
def test_short_data_has_the_checksum_of_its_definition(data: bytes) -> None:
    checksum = crc16(data)

    assert checksum == bit_by_bit(data)


@pytest.mark.parametrize("length", [29 * 15, 30_719, 30_721, 32_766, 32_767, 32_768, 61_441, 65_534, 65_535])
def test_long_data_has_the_checksum_of_its_definition(length: int) -> None:
    data = np.random.default_rng(length).integers(0, 256, length, np.uint8).tobytes()

    checksum = crc16(data)

    assert checksum == bit_by_bit(data)

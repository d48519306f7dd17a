"""What goes between the owner and its workers."""

from __future__ import annotations

import pickle

import pytest
from distributed.protocol.pickle import dumps, loads

from gamebook_lab.parallel.packing import Parcel, pack, unpack


def test_parcel__is_handed_on_without_a_copy() -> None:
    content = pack(bytes(1_000_000))
    buffers: list[pickle.PickleBuffer] = []
    stream = dumps((Parcel(content), "key"), buffer_callback=buffers.append)
    assert len(stream) < 1_000
    assert memoryview(buffers[0]).obj is content
    parcel, key = loads(stream, buffers=buffers)
    assert memoryview(parcel.content).obj is content
    assert unpack(parcel.content) == bytes(1_000_000)
    assert key == "key"


@pytest.mark.parametrize("protocol", [4, 5])
def test_parcel__where_nothing_can_travel_beside(protocol: int) -> None:
    parcel = pickle.loads(pickle.dumps(Parcel(pack([1, 2])), protocol))
    assert unpack(parcel.content) == [1, 2]


def test_parcel__counts_for_those_who_spill() -> None:
    assert Parcel(bytes(1_000)).__sizeof__() > 1_000

import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.server.spdy import (
    DICTIONARY,
    MAX_FRAME_BYTES,
    Data,
    GoneAway,
    Pinged,
    ProtocolError,
    Session,
    StreamOpened,
    StreamReset,
)


class Client:
    """The other end, written from the protocol's page."""

    def __init__(self):
        self.deflate = zlib.compressobj(zdict=DICTIONARY)
        self.inflate = zlib.decompressobj(zdict=DICTIONARY)

    def control(self, kind, payload, flags=0):
        return struct.pack(">HHI", 0x8003, kind, flags << 24 | len(payload)) + payload

    def syn(self, stream, headers, flags=0):
        block = struct.pack(">I", len(headers))
        for name, value in headers.items():
            for text in (name, value):
                block += struct.pack(">I", len(text)) + text.encode()
        packed = self.deflate.compress(block) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
        return self.control(1, struct.pack(">IIH", stream, 0, 0) + packed, flags)


def test_the_dictionary_is_the_protocols():
    assert (len(DICTIONARY), zlib.adler32(DICTIONARY)) == (1423, 0xE3C6A7C2)


def test_frames_come_apart_however_they_are_cut():
    client = Client()
    data = (
        client.syn(1, {"streamType": "error", "port": "80"}, flags=1)
        + client.syn(3, {"streamtype": "data"})
        + struct.pack(">II", 3, 1 << 24 | 5)
        + b"hello"
        + client.control(3, struct.pack(">II", 3, 5))
        + client.control(6, struct.pack(">I", 77))
        + client.control(4, struct.pack(">I", 0))
        + client.control(7, struct.pack(">II", 0, 0))
    )
    expected = [
        StreamOpened(1, {"streamtype": "error", "port": "80"}, True),
        StreamOpened(3, {"streamtype": "data"}, False),
        Data(3, b"hello", True),
        StreamReset(3),
        Pinged(client.control(6, struct.pack(">I", 77))),
        GoneAway(),
    ]
    for size in (1, 3, 7, len(data)):
        session = Session()
        seen = [event for at in range(0, len(data), size) for event in session.receive(data[at : at + size])]
        assert seen == expected


def test_what_the_server_sends_can_be_read():
    session, client = Session(), Client()
    for stream in (1, 3):
        frame = session.reply(stream)
        assert struct.unpack_from(">HH", frame) == (0x8003, 2)
        assert struct.unpack_from(">I", frame, 8) == (stream,)
        assert client.inflate.decompress(frame[12:]) == bytes(4)
    assert session.data(3, b"abc", fin=True) == struct.pack(">II", 3, 1 << 24 | 3) + b"abc"
    assert session.data(3, b"", fin=True) == struct.pack(">II", 3, 1 << 24)


def test_long_data_is_sent_in_pieces_and_only_the_last_is_final():
    frames = Session().data(5, b"z" * 100_000, fin=True)
    seen = list(Session().receive(frames))
    assert b"".join(event.data for event in seen) == b"z" * 100_000
    assert [event.fin for event in seen] == [False] * (len(seen) - 1) + [True]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (struct.pack(">HHI", 0x8002, 1, 10) + bytes(10), "version"),
        (struct.pack(">HHI", 0x8003, 99, 0), "unknown"),
        (struct.pack(">HHI", 0x8003, 1, 4) + bytes(4), "short"),
        (struct.pack(">HHI", 0x8003, 1, 14) + struct.pack(">IIHI", 1, 0, 0, 9), "header block"),
        (struct.pack(">HHI", 0x8003, 3, 8) + bytes(8), "numbered 0"),
        (struct.pack(">II", 1, MAX_FRAME_BYTES + 1), "too large"),
    ],
)
def test_nonsense_is_refused(frame, says):
    with pytest.raises(ProtocolError, match=says):
        list(Session().receive(frame))


def test_a_header_block_that_explodes_is_refused():
    client = Client()
    with pytest.raises(ProtocolError, match="too large"):
        list(Session().receive(client.syn(1, {"bomb": "x" * 10_000_000})))


@given(st.binary(max_size=300))
def test_any_bytes_are_events_or_refused(data):
    session = Session()
    with contextlib.suppress(ProtocolError):
        list(session.receive(data))

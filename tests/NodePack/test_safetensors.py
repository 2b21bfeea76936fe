"""Safetensors files: checked against fixed bytes, and against what damage can do."""

from __future__ import annotations

import io
import json
import struct
import unittest

import support  # noqa: F401
import torch
from wantalk.errors import FileRefused
from wantalk.safetensors import read_header, read_tensor, write

METADATA = {"kind": "checkpoint", "window": 7, "talk": "é"}
TENSORS = {
    "b": torch.tensor([[1, 2, 255]], dtype=torch.uint8),
    "a": torch.tensor([1.0, -2.0], dtype=torch.bfloat16),
    "z": torch.tensor([0.5, 3.0], dtype=torch.float32),
}
HEADER = (
    '{"__metadata__":{"wantalk":"{\\"kind\\":\\"checkpoint\\",\\"window\\":7,\\"talk\\":\\"é\\"}"},'
    '"z":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
    '"a":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},'
    '"b":{"dtype":"U8","shape":[1,3],"data_offsets":[12,15]}}'
)
BODY = bytes.fromhex("0000003f" "00004040" "803f" "00c0" "0102ff")


def fixed() -> bytes:
    header = HEADER.encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + BODY


def raw(header: str, body: bytes = b"") -> io.BytesIO:
    text = header.encode()
    return io.BytesIO(struct.pack("<Q", len(text)) + text + body)


class SafetensorsSpecs(unittest.TestCase):
    def test_a_file_is_exactly_these_bytes(self) -> None:
        stream = io.BytesIO()
        write(stream, METADATA, TENSORS)
        self.assertEqual(stream.getvalue(), fixed())

    def test_the_order_in_which_tensors_come_does_not_matter(self) -> None:
        stream = io.BytesIO()
        write(stream, METADATA, dict(reversed(TENSORS.items())))
        self.assertEqual(stream.getvalue(), fixed())

    def test_these_bytes_are_read_back(self) -> None:
        stream = io.BytesIO(fixed())
        header = read_header(stream)
        self.assertEqual(header.metadata, METADATA)
        for name, tensor in TENSORS.items():
            found = read_tensor(stream, header, name)
            self.assertEqual(found.dtype, tensor.dtype)
            self.assertTrue(torch.equal(found, tensor))

    def test_every_type_and_shape_is_read_back_with_every_bit(self) -> None:
        bits = torch.arange(-32768, 32768, dtype=torch.int32).to(torch.int16)
        tensors = {
            "half": bits.view(torch.float16), "brain": bits.view(torch.bfloat16).reshape(16, 64, 64), "none": torch.empty(3, 0),
            "one": torch.tensor(5.0), "yes": torch.tensor([True, False]), "long": torch.tensor([-1]),
            "double": torch.tensor([0.1]).double(),
        }  # fmt: skip
        stream = io.BytesIO()
        write(stream, {}, tensors)
        header = read_header(stream)
        for name, tensor in tensors.items():
            found = read_tensor(stream, header, name)
            self.assertEqual((found.dtype, found.shape), (tensor.dtype, tensor.shape))
            same = found.view(torch.int16) if tensor.element_size() == 2 else found
            self.assertTrue(torch.equal(same, tensor.view(torch.int16) if tensor.element_size() == 2 else tensor), name)

    def test_a_file_cut_anywhere_is_refused(self) -> None:
        whole = fixed()
        for length in range(len(whole)):
            with self.subTest(length=length), self.assertRaises(FileRefused):
                read_header(io.BytesIO(whole[:length]))

    def test_a_file_with_bytes_behind_its_end_is_refused(self) -> None:
        with self.assertRaises(FileRefused):
            read_header(io.BytesIO(fixed() + b"\0"))

    def test_a_header_that_makes_no_sense_is_refused(self) -> None:
        tensor = '"dtype":"U8","shape":[1],"data_offsets":'
        for header in (
            "[]", "{nonsense", '{"a":1}', '{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,1]}}',
            '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}', '{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,-1]}}',
            '{"a":{"dtype":"U8","shape":[true],"data_offsets":[0,1]}}', '{"a":{"dtype":"U8","shape":[1]}}', f'{{"a":{{{tensor}[1,2]}}}}',
            f'{{"a":{{{tensor}[0,1]}},"a":{{{tensor}[1,2]}}}}', '{"__metadata__":{"wantalk":"{"}}', '{"__metadata__":7}', "[" * 5000,
        ):  # fmt: skip
            with self.subTest(header=header[:60]), self.assertRaises(FileRefused):
                read_header(raw(header, b"\0\0"))

    def test_a_header_of_gigabytes_is_refused_before_it_is_read(self) -> None:
        with self.assertRaises(FileRefused):
            read_header(io.BytesIO(struct.pack("<Q", 1 << 40) + bytes(56)))

    def test_a_file_of_others_is_read_and_has_no_metadata_of_ours(self) -> None:
        header = read_header(raw('{"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', b"\1\2"))
        self.assertIsNone(header.metadata)

    def test_a_value_that_json_cannot_hold_is_not_written(self) -> None:
        with self.assertRaises(ValueError):
            write(io.BytesIO(), {"cfg": float("nan")}, {})
        self.assertEqual(json.loads(HEADER)["__metadata__"].keys(), {"wantalk"})


if __name__ == "__main__":
    unittest.main()

"""The arithmetic of windows."""

from __future__ import annotations

import unittest

import support  # noqa: F401
import torch
from wantalk.loop import local_rows
from wantalk.windows import SAMPLE_RATE, SAMPLES_PER_FRAME, SPARE_SAMPLES, Piece, frames_for, window_count


class WindowSpecs(unittest.TestCase):
    def test_the_frames_of_whole_windows(self) -> None:
        self.assertEqual([frames_for(visible) for visible in (1, 81, 82, 153, 154, 175, 425)], [81, 81, 153, 153, 225, 225, 441])
        self.assertEqual(frames_for(100, window=33, shared=9), 105)

    def test_no_length_loses_a_frame_in_the_embedding_nodes_own_arithmetic(self) -> None:
        for windows in range(1, 300):
            total = frames_for(72 * windows + 9)
            samples = SAMPLES_PER_FRAME * total + SPARE_SAMPLES
            self.assertEqual(int(samples / SAMPLE_RATE * 25.0), total)
            self.assertLess(samples, int((total + 1) / 25.0 * SAMPLE_RATE))

    def test_the_spare_samples_are_needed(self) -> None:
        lost = [total for total in (frames_for(72 * windows + 9) for windows in range(1, 80)) if int(640 * total / 16000 * 25.0) != total]
        self.assertEqual(lost[:2], [945, 1665])

    def test_windows_are_counted_as_the_loop_counts_them(self) -> None:
        self.assertEqual([window_count(total) for total in (1, 81, 82, 153, 154, 225)], [1, 1, 2, 2, 3, 3])

    def test_a_piece_needs_its_own_rows_and_two_on_each_side(self) -> None:
        piece = Piece(3, 2, 1000)
        self.assertEqual((piece.rows_start, piece.rows_end, piece.loop_start), (214, 371, 144))
        last = Piece(2, 1, 225)
        self.assertEqual((last.rows_start, last.rows_end), (142, 225))

    def test_a_slice_is_laid_where_the_loop_looks_for_it(self) -> None:
        rows = torch.arange(1, 1001).reshape(1000, 1, 1).half()
        piece = Piece(3, 1, 1000)
        local = local_rows(rows[200:400], 200, piece)
        self.assertEqual(len(local), piece.rows_end - piece.loop_start)
        self.assertTrue((local[:70] == 0).all())
        self.assertTrue(torch.equal(local[70:], rows[214:299]))


if __name__ == "__main__":
    unittest.main()

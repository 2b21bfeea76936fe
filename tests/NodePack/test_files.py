"""Names that cannot leave their folder, whole writes, and what is released."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401 - first: it makes the others importable
import folder_paths
from wantalk import host
from wantalk.errors import FileRefused
from wantalk.files import inside, place_for, release, write_whole


class FileSpecs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(os.path.realpath(folder.name))
        folder_paths.use(self.root)
        self.output = self.root / "output"

    def make(self, *names: str) -> None:
        for name in names:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(name)

    def test_a_name_that_leads_out_of_its_folder_is_no_file(self) -> None:
        self.make("secret", "output/x/a", "input/b")
        (self.output / "link").symlink_to(self.root)
        for name in ("../secret", "/etc/passwd", "x/../../secret", "link/secret", "", ".", "x\0", "..\\secret", str(self.root / "secret")):
            with self.subTest(name=name):
                self.assertIsNone(inside(self.output, name))
                self.assertIsNone(host.find_file(f"{name} [output]"))
                with self.assertRaises(ValueError):
                    place_for(self.output, name)
        self.assertEqual(inside(self.output, "x/a"), self.output / "x/a")

    def test_a_file_is_found_in_the_folder_that_its_name_tells(self) -> None:
        self.make("output/x/a", "input/b", "temp/c")
        self.assertEqual(host.require_file("x/a [output]"), self.output / "x/a")
        self.assertEqual(host.require_file("b"), self.root / "input/b")
        self.assertEqual(host.require_file("c [temp]"), self.root / "temp/c")
        with self.assertRaises(FileRefused):
            host.require_file("x/a")

    def test_a_prefix_tells_folder_and_beginning(self) -> None:
        place = place_for(self.output, "wantalk/t/attempt/w")
        self.assertEqual((place.folder, place.subfolder, place.stem), (self.output / "wantalk/t/attempt", "wantalk/t/attempt", "w"))
        self.assertTrue(place.folder.is_dir())
        self.assertEqual(place_for(self.output, "w").subfolder, "")
        for prefix in ("wantalk/t/", "wantalk/..", "wantalk/../../x"):
            with self.subTest(prefix=prefix), self.assertRaises(ValueError):
                place_for(self.output, prefix)

    def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(self) -> None:
        path = self.output / "a"
        write_whole(path, lambda stream: stream.write(b"old") and None)

        def fail(stream: object) -> None:
            stream.write(b"new")  # type: ignore[attr-defined]
            raise OSError("disk full")

        with self.assertRaises(OSError):
            write_whole(path, fail)
        self.assertEqual([entry.name for entry in self.output.iterdir()], ["a"])
        self.assertEqual(path.read_bytes(), b"old")

    def test_release_deletes_what_begins_so_by_whole_words(self) -> None:
        self.make("output/wantalk/t/a/w-0007.mkv", "output/wantalk/t/a/w-0007.checkpoint.safetensors", "output/wantalk/t/a/w-00071.mkv",
                  "input/wantalk/t/a/w-0007", "output/wantalk/t2/x", "input/wantalk/t/b/x", "temp/wantalk/t/y")  # fmt: skip
        roots = host.folders()
        self.assertEqual(release(roots, "wantalk/t/a/w-0007"), 3)
        self.assertTrue((self.output / "wantalk/t/a/w-00071.mkv").exists())
        self.assertEqual(release(roots, "wantalk/t"), 3)
        self.assertTrue((self.output / "wantalk/t2/x").exists())
        self.assertEqual(release(roots, "wantalk/never"), 0)

    def test_release_does_not_follow_links_and_takes_no_prefix_of_others(self) -> None:
        self.make("other/x", "output/wantalk/t/a")
        (self.output / "wantalk/t/link").symlink_to(self.root / "other")
        self.assertEqual(release(host.folders(), "wantalk/t"), 2)
        self.assertTrue((self.root / "other/x").exists())
        for prefix in ("", "wantalk", "wantalk/", "other/x", "wantalk/../x", "wantalk//x", "/wantalk/x", "wantalk/./x", "wantalk/a\\..\\b"):
            with self.subTest(prefix=prefix), self.assertRaises(ValueError):
                release(host.folders(), prefix)


if __name__ == "__main__":
    unittest.main()

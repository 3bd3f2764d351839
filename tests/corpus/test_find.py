"""The folder scan, on real folders."""

import os
import time
from pathlib import Path

import pytest

from corpus.find import Found, find


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"The text of {name}.")


def names(found: Found) -> list[str]:
    return [file.relative for file in found.files]


def reasons(found: Found, root: Path) -> dict[str, str]:
    return {skipped.path.relative_to(root).as_posix(): skipped.reason for skipped in found.skipped}


def test_documents_are_found_below_in_order_and_the_rest_is_listed(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a/README.md", "a/c/README.md", ".hidden/x.txt", "a/.x.txt", "pic.png", "noname", "A.HTML")
    found = find([tmp_path])
    assert names(found) == ["A.HTML", "a/README.md", "a/c/README.md", "b.txt"]
    assert reasons(found, tmp_path) == {
        ".hidden": "hidden",
        "a/.x.txt": "hidden",
        "pic.png": "files of type .png are not read",
        "noname": "a file without a suffix is not read",
    }
    file = found.files[-1]
    stat = (tmp_path / "b.txt").stat()
    assert file.path == tmp_path / "b.txt"
    assert (file.size, file.mtime_ns, file.ctime_ns, file.inode) == (
        stat.st_size,
        stat.st_mtime_ns,
        stat.st_ctime_ns,
        stat.st_ino,
    )


def test_exclusions_match_names_folders_and_paths(tmp_path: Path) -> None:
    make(tmp_path, "keep.txt", "draft-1.txt", "old/a.txt", "new/a.txt", "new/b.txt")
    found = find([tmp_path], ["draft-*", "old/", "new/b.*"])
    assert names(found) == ["keep.txt", "new/a.txt"]
    assert set(reasons(found, tmp_path)) == {"draft-1.txt", "old", "new/b.txt"}


def test_links_are_not_followed_out_of_the_root_nor_in_circles(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, "a.txt", "deep/b.txt")
    make(tmp_path, "secret.txt", "outside/c.txt")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "outside").symlink_to(tmp_path / "outside")
    (root / "deep" / "loop").symlink_to(root)
    (root / "gone.txt").symlink_to(root / "nothing.txt")
    (root / "same.txt").symlink_to(root / "a.txt")
    found = find([root])
    assert names(found) == ["a.txt", "deep/b.txt", "same.txt"]
    assert reasons(found, root) == {
        "out.txt": "a link that leaves the folder",
        "outside": "a link that leaves the folder",
        "deep/loop": "a link to a folder that is read at its own place",
        "gone.txt": "a link to nothing",
    }


def test_a_missing_root_is_told_apart_from_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = find([tmp_path / "empty", tmp_path / "gone"])
    assert found == Found(missing=(tmp_path / "gone",))


def test_a_root_may_be_one_file(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.png")
    found = find([tmp_path / "a.txt", tmp_path / "b.png"])
    assert [file.path for file in found.files] == [tmp_path / "a.txt"]
    assert [skipped.path.name for skipped in found.skipped] == ["b.png"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_read_permission_is_a_problem(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "locked/b.txt")
    (tmp_path / "locked").chmod(0)
    found = find([tmp_path])
    (tmp_path / "locked").chmod(0o700)
    assert names(found) == ["a.txt"]
    assert "Permission denied" in found.problems[0].reason


def test_a_name_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Text.")
    found = find([tmp_path])
    assert found.files == ()
    assert found.problems[0].next_step == "Rename the file."


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(find([tmp_path]), tmp_path) == {"pipe.txt": "not a regular file"}


def test_ten_thousand_files_take_under_two_seconds(tmp_path: Path) -> None:
    for folder in range(100):
        (tmp_path / str(folder)).mkdir()
        for number in range(100):
            (tmp_path / str(folder) / f"{number}.txt").touch()
    start = time.process_time()
    found = find([tmp_path])
    assert len(found.files) == 10_000
    assert time.process_time() - start < 2

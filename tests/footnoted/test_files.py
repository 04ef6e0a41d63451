"""Files are written whole or not at all, and their digests are a list that sha256sum checks."""

import errno
import os

import pytest

from footnoted.files import (
    file_digest,
    manifest_text,
    read_manifest,
    refusal,
    write_all,
    write_atomic,
)


def test_a_file_is_written_whole_with_its_folders(tmp_path):
    path = tmp_path / "new" / "page.html"
    write_atomic(path, "köl")
    assert path.read_bytes() == "köl".encode()
    write_atomic(path, b"\x00")
    assert path.read_bytes() == b"\x00"
    assert [file.name for file in path.parent.iterdir()] == ["page.html"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_atomic(path, "old")

    def broken(*_):
        raise OSError("no space")
    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="no space"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def several(folder):
    """Files before, and what is to be written: one changes, one stays, one goes, one comes."""
    old = {"a": b"1", "b/b": b"2", "b/c": b"3"}
    for name, content in old.items():
        write_atomic(folder / name, content)
    return old, {"a": b"new", "b/b": b"2", "b/c": None, "d/d": b"4"}


def held(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file()}


def wanted(files):
    return {name: content for name, content in files.items() if content is not None}


def within(folder, files):
    return {folder / name: content for name, content in files.items()}


def test_several_files_are_written_and_deleted_at_once(tmp_path):
    _, new = several(tmp_path)
    told = (tmp_path / "b/b").stat().st_mtime_ns
    write_all(within(tmp_path, new))
    assert held(tmp_path) == wanted(new) and (tmp_path / "b/b").stat().st_mtime_ns == told


@pytest.mark.parametrize("move", range(4))
def test_where_one_cannot_be_moved_all_stay_as_they_were(tmp_path, monkeypatch, move):
    old, new = several(tmp_path)
    left, replace = [move], os.replace

    def broken(*paths):
        left[0] -= 1
        if left[0] == -1:
            raise OSError(errno.EIO, "broken")
        replace(*paths)
    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="broken"):
        write_all(within(tmp_path, new))
    assert held(tmp_path) == old


@pytest.mark.parametrize("what", ["folder", "file for a folder"])
def test_what_cannot_be_written_beside_its_place_stops_all_before_a_move(tmp_path, what):
    old, new = several(tmp_path)
    write_atomic(tmp_path / ("z/z" if what == "folder" else "z"), b"mine")
    with pytest.raises(OSError):
        write_all(within(tmp_path, new | {"z" if what == "folder" else "z/z": b"5"}))
    assert wanted(old).items() <= held(tmp_path).items() and len(held(tmp_path)) == 4


@pytest.mark.parametrize("move", range(4))
def test_killed_between_two_moves_the_next_call_ends_the_same(tmp_path, move):
    _, new = several(tmp_path)
    child = os.fork()
    if not child:
        left, replace = [move], os.replace

        def killed(*paths):
            left[0] -= 1
            if left[0] == -1:
                os.kill(os.getpid(), 9)
            replace(*paths)
        os.replace = killed
        write_all(within(tmp_path, new))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 9
    write_all(within(tmp_path, new))
    assert held(tmp_path) == wanted(new)


@pytest.mark.parametrize("place, said", [
    ("file/below/page.html", "file is a file where a folder belongs. Mend: move it away, then "),
    ("link/page.html", "link is a link to nowhere where a folder belongs. Mend: move it away"),
    ("folder", "folder is a folder where a file belongs. Mend: move it away, then run"),
    ("full/page.html", "The disk is full. Mend: free some space, then run the same command"),
    ("sealed/page.html", "sealed/page.html may not be read or written (Read-only file system). "),
])
def test_what_stood_in_the_way_is_one_line_with_the_mend(tmp_path, monkeypatch, place, said):
    monkeypatch.chdir(tmp_path)
    write_atomic("file", "mine")
    write_atomic("folder/mine", "mine")
    os.symlink("/nowhere/at/all", "link")
    number = {"full": errno.ENOSPC, "sealed": errno.EROFS}.get(place.split("/")[0])
    if number:
        def broken(path, content):
            raise OSError(number, os.strerror(number), str(path))
        monkeypatch.setattr("pathlib.Path.write_bytes", broken)
    with pytest.raises(OSError) as raised:
        write_atomic(place, "x")
    assert refusal(raised.value).startswith(said)
    assert "Mend: " in refusal(raised.value) and "\n" not in refusal(raised.value)


def test_the_digest_of_a_file_is_sha256(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    assert file_digest(path) == ("e3b0c44298fc1c149afbf4c8996fb924"
                                 "27ae41e4649b934ca495991b7852b855")  # an empty message's
    assert file_digest(tmp_path / "none") == ""


def test_a_manifest_is_read_as_it_is_written(tmp_path):
    files = {"b with space.csv": "0b", "a.csv": "0a"}
    path = tmp_path / "list.sha256"
    write_atomic(path, manifest_text(files))
    assert path.read_text() == "0a  a.csv\n0b  b with space.csv\n"
    assert read_manifest(path) == files
    assert read_manifest(tmp_path / "none") == {} == read_manifest(tmp_path)
    for garbled in (b"", b"\xff\x00noise", b"no digest and no name\n", b"0a  "):
        path.write_bytes(garbled)
        assert read_manifest(path) == {}

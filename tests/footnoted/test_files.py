"""Files are written whole or not at all, and their digests are a list that sha256sum checks."""

import os

import pytest

from footnoted.files import file_digest, manifest_text, read_manifest, write_atomic


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
    assert read_manifest(tmp_path / "none") == {}

"""Files that are written whole, and lists of their digests in the format of sha256sum."""

import hashlib
import os
from pathlib import Path


def write_atomic(path, content):
    """Write bytes or text (UTF-8) beside a file and move it into place; folders are made."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = content.encode("utf-8") if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.new")  # a killed run's is overwritten by the next
    draft.write_bytes(content)
    os.replace(draft, path)


def file_digest(path):
    """sha256 of a file, in hex; "" where there is none."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def read_manifest(path):
    """{file: digest} as a list in the format of sha256sum says; {} where there is no list."""
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def manifest_text(files):
    """{file: digest} as a list that `sha256sum -c` reads, in order of the files.

    >>> manifest_text({"b.csv": "02", "a.csv": "01"})
    '01  a.csv\\n02  b.csv\\n'
    """
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))

"""Files that are written whole or not at all, what stood in the way, and lists of their digests."""

import contextlib
import errno
import hashlib
import os
import re
from pathlib import Path

AGAIN = "then run the same command again"
FULL = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_atomic(path, content):
    """Write bytes or text (UTF-8) beside a file and move it into place; folders are made."""
    path = Path(path)
    content = content.encode("utf-8") if isinstance(content, str) else content
    draft = beside(path, "new")  # a killed run's is overwritten by the next
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def beside(path, kind):
    return path.with_name(f".{path.name}.{kind}")


def write_all(files):
    """Write and delete files, all of them or none: {path: bytes, or None where it has to go}.

    All are written beside their places before the first is moved there, and what was there is
    moved back where one cannot be. What is the same stays untouched. Killed between the moves, the
    next call for the same files ends as this one would have. Raises OSError.
    """
    remove_beside(files)
    changed = {path: content for path, content in files.items()
               if file_digest(path) != (hashlib.sha256(content).hexdigest() if content is not None
                                        else "")}
    moved = []
    try:
        for path, content in changed.items():
            if path.is_dir() and not path.is_symlink():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                beside(path, "new").write_bytes(content)
        for path in changed:
            moved.append(path)
            move_in(path)
    except BaseException:
        for path in moved:
            move_back(path, changed[path])
        remove_beside(changed)
        raise
    remove_beside(changed)


def remove_beside(files):
    """Delete drafts, and what was there before: those of a killed run too."""
    for path in files:
        for kind in ("new", "old"):
            with contextlib.suppress(NotADirectoryError):
                beside(path, kind).unlink(missing_ok=True)


def move_in(path):
    """Put a draft, or nothing, in the place of a file, which is kept beside it."""
    if os.path.lexists(path):
        os.replace(path, beside(path, "old"))
    if beside(path, "new").exists():
        os.replace(beside(path, "new"), path)


def move_back(path, content):
    """Undo `move_in`."""
    if os.path.lexists(beside(path, "old")):
        os.replace(beside(path, "old"), path)
    elif content is not None and not beside(path, "new").exists():
        path.unlink(missing_ok=True)


def refusal(error):
    """What an OSError says to a user, in one line with the mend.

    >>> refusal(OSError(errno.ENOSPC, "No space left on device"))
    'The disk is full. Mend: free some space, then run the same command again'
    """
    if error.errno in FULL:
        return f"The disk is full. Mend: free some space, {AGAIN}"
    named = error.filename2 if isinstance(error.filename2, str) else error.filename
    path = re.sub(r"(^|/)\.([^/]+)\.(new|old)$", r"\1\2", os.fspath(named)) \
        if isinstance(named, (str, os.PathLike)) else ""
    away = f"Mend: move it away, {AGAIN}"
    for place in (*reversed(Path(path).parents), *[Path(path)] * bool(path)):
        foreign = os.path.lexists(place) and not place.is_dir()
        if foreign and (place != Path(path) or error.errno in (errno.EEXIST, errno.ENOTDIR)):
            what = "a link to nowhere" if not place.exists() else "a file"
            return f"{shown(place)} is {what} where a folder belongs. {away}"
    if path and os.path.isdir(path) and error.errno in (errno.EISDIR, errno.EEXIST,
                                                       errno.ENOTEMPTY):
        return f"{shown(path)} is a folder where a file belongs. {away}"
    if error.errno in FORBIDDEN:
        return f"{shown(path) or 'A file'} may not be read or written ({error.strerror}). " \
               f"Mend: give it back to yourself (chown, chmod), {AGAIN}"
    return f"{shown(path) + ': ' * bool(path)}{error.strerror or error}. Mend: see to it, {AGAIN}"


def shown(path):
    """A path as seen from here, where it lies below."""
    return os.path.relpath(path) if path and Path.cwd() in Path(path).parents else str(path)


def file_digest(path):
    """sha256 of a file, in hex; "" where there is none."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def read_manifest(path):
    """{file: digest} as a list in the format of sha256sum says; {} where there is no such list.

    Lines that are none of that format, as of a garbled file, are passed over.
    """
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return {name: digest for digest, name in re.findall("^([0-9a-f]+)  (.+)$", text, re.M)}


def manifest_text(files):
    """{file: digest} as a list that `sha256sum -c` reads, in order of the files.

    >>> manifest_text({"b.csv": "02", "a.csv": "01"})
    '01  a.csv\\n02  b.csv\\n'
    """
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))

"""Notebooks in JupyterLab that open as unchanged, and leave git's status clean when only run."""

import asyncio
from pathlib import Path

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

# git takes a file of another size for changed without asking its filter, until it is added.
UNCHANGED = 'git diff --quiet -- "$0" && git add -- "$0"'


class Notebooks(AsyncLargeFileManager):
    """The files that JupyterLab opens and saves."""

    async def get(self, path, content=True, type=None, format=None, require_hash=False):
        """A file; a notebook of Python's with what the kernel says of its language.

        JupyterLab writes it into each notebook that it opens: where it stands there already,
        nothing changes. Files of the study lack it, since it names the version of Python.
        """
        model = await super().get(path, content, type, format, require_hash)
        if content and model["type"] == "notebook":
            metadata = model["content"]["metadata"]
            if metadata.get("kernelspec", {}).get("name") == "python3":
                metadata["language_info"] = {**IPythonKernel.language_info}
        return model

    async def save(self, model, path=""):
        """Save a file; git is told of a notebook whose filter leaves it as it is in the index."""
        saved = await super().save(model, path)
        if saved["type"] == "notebook":
            file = Path(self._get_os_path(path))
            null = asyncio.subprocess.DEVNULL
            await asyncio.create_subprocess_exec("sh", "-c", UNCHANGED, file.name, cwd=file.parent,
                                                 stdin=null, stdout=null, stderr=null)
        return saved

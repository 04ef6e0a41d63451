"""Every notebook by stock tools gives what `make study` gives, and runs with other parameters."""

import subprocess
import sys

import nbformat
import pytest
from runs import ROOT, bundles, executed, finished, path, troubles

from footnoted import edition, links
from footnoted.edition.document import in_words

pytestmark = pytest.mark.slow
OTHERS = {  # run -> notebook and what papermill is given
    "two other states": ("04-comparison", "-y", "countries: [KAZ, KGZ]", "-p", "year", "2021"),
    "Namibia": ("country-profile", "-p", "country", "NAM"),
    "missing values": ("country-profile", "-p", "country", "TKM", "-p", "year", "2015"),
    "another survey": ("01-theory", "-p", "year", "2018"),
    "an earlier date": ("05-conclusions", "-p", "as_of", "2024-01-01"),
}
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9S]*.ipynb"))


def same(one, other):
    """Ids of what two runs show differently."""
    first, second = ({bundle["id"]: bundle for bundle in bundles(nb)} for nb in (one, other))
    return sorted(id for id in first.keys() | second.keys() if first.get(id) != second.get(id))


@pytest.mark.parametrize("name", NAMES)
def test_run_all_on_the_stock_kernel_gives_the_same_outputs(name, tmp_path):
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", path(name),
                    "--output-dir", tmp_path], check=True, capture_output=True)
    stock = nbformat.read(tmp_path / f"{name}.ipynb", 4)
    assert troubles(stock) == [] and same(stock, executed(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_plain_papermill_in_another_folder_gives_the_same_outputs(name, tmp_path):
    done = finished(path(name), tmp_path / "out.ipynb")
    assert troubles(done) == [] and same(done, executed(name)) == []


@pytest.mark.parametrize("run", OTHERS)
def test_it_runs_with_other_parameters_and_is_not_refused(run, tmp_path):
    name, *given = OTHERS[run]
    done = finished(path(name), tmp_path / "out.ipynb", *given)
    assert troubles(done) == []
    text = " ".join(edition.html(done, name).split()).replace("&quot;", '"')
    condition = in_words(links.other_parameters(done))
    assert condition and f"Run with {condition}" in text

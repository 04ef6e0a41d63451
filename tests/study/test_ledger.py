"""The ledger of the article's claims as a user lists it."""

import pytest


@pytest.mark.parametrize("words, code, told", [
    ([], 0, "kaz-egdi  p. 27  EGDI of Kazakhstan: 0.8628: reproduced\n"),
    (["--verdict", "mislabelled"], 0, "kaz-internet-share  p. 28  90.9 % use the internet as of "
                                      "2023: mislabelled\n"),
    (["--verdict", "mislabeled"], 2, "No verdict 'mislabeled': did you mean 'mislabelled'?\n")])
def test_claims_are_listed(real, capsys, words, code, told):
    from digital_diplomacy.__main__ import main
    assert main(["claims", *words]) == code
    said = capsys.readouterr()
    assert told in (said.err if code else said.out)
    if code == 0 and words:
        assert "reproduced" not in said.out

"""Every regular expression of the code and the tables, and strings that make a bad one slow."""

import ast
import json
import re
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TAKE = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split",
        "contains", "replace", "extract", "extractall", "count"}
ONE = [*"aAяЯ0_-.,'’\"()[]{}<>/|*+=:;#&%$!?\\ \t\n\u00a0—–…·ű"]
TWO = [left + right for left in "aA0_-. ,'([|<$*`:/" for right in "aA0_-. ,')]|>\n"
       if left != right]
MORE = ["a. ", "A.A. ", "1, ", "1,1", "[a](", "<a>", "$a$ ", "a|", "- a", "г. ", "т.е. ", "и- "]
ENDS = ["", "!", "a", "\0", " b"]


def hostile(size):
    """Strings of about a length that repeat few signs, with ends that let a match fail."""
    for part in [*ONE, *TWO, *MORE]:
        for end in ENDS:
            yield part * (size // len(part)) + end


def of_code():
    """Patterns that stand in the code as text: {pattern: where}; what is filled in is a word."""
    found = {}
    for path in [*ROOT.glob("lib/**/*.py"), *ROOT.glob("tests/*.py"), ROOT / "dodo.py"]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and \
                    call.func.attr in TAKE and call.args and (text := literal(call.args[0])):
                found[text] = f"{path.relative_to(ROOT)}:{call.lineno}"
    return {text: where for text, where in found.items() if compiled(text)}


def literal(node):
    """The text of a string in code, or None; what an f-string fills in is a word."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "word"
                       for part in node.values)
    return None


def compiled(text):
    """The pattern, or None where the text is none."""
    try:
        return re.compile(text)
    except re.error:
        return None


def of_modules():
    """Compiled patterns that modules hold, however they were put together: {pattern: where}."""
    import importlib
    import pkgutil

    import digital_diplomacy
    import footnoted
    found = {}
    for package in (footnoted, digital_diplomacy):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for name, held in vars(importlib.import_module(module.name)).items():
                if isinstance(held, re.Pattern) and isinstance(held.pattern, str):
                    found[held] = f"{module.name}.{name}"
    return found


def of_tables():
    """Patterns of cues and of the data package: {pattern: where}."""
    from digital_diplomacy.speeches import dictionary
    found = {}
    for path in [ROOT / "data" / "cues.csv", *ROOT.glob("examples/**/cues.csv")]:
        for text in pd.read_csv(path, dtype=str, keep_default_na=False)["pattern"]:
            found[dictionary.expression(text)] = f"{path.relative_to(ROOT)}: {text}"
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for table in package["resources"]:
        for field in table["schema"]["fields"]:
            if text := field.get("constraints", {}).get("pattern"):
                found[re.compile(text)] = f"datapackage.json: {table['name']}.{field['name']}"
    return found


def every():
    """All of them: {compiled pattern: where}."""
    return {re.compile(text): where for text, where in of_code().items()} | of_modules() | \
        of_tables()

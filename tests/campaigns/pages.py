"""Each kind of page of the site: what it weighs, and what axe-core and Lighthouse say of it.

    npm install --prefix FOLDER lighthouse@12.2.3 axe-core@4.14.1
    python tests/campaigns/pages.py FOLDER [PAGE ...]   (after make study; in Chromium)

axe-core looks at each page light and dark, 390 and 1280 pixels wide, with all that folds opened;
Lighthouse looks at it as a phone does, served by this machine. Writes paper/results/pages.json page
by page.
Exit 1 where axe-core found something, or a score below 100 has no reason in REASONS.
"""

import functools
import gzip
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from playwright import sync_api

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import browsing  # noqa: E402  stands beside the folder of this script

ROOT = Path(__file__).resolve().parents[2]
SITE, TARGET = ROOT / "site", ROOT / "paper" / "results" / "pages.json"
KINDS = {"index.html": "front page", "00-introduction.html": "chapter, shortest",
         "02-kazakhstan.html": "chapter", "04-comparison.html": "chapter, longest",
         "S2-speeches.html": "supplement", "ledger.html": "claims", "rules.html": "rules",
         "countries.html": "countries", "profile-kgz.html": "profile", "data.html": "data",
         "sources.html": "sources", "search.html": "index of the search",
         "numbers/04-comparison.html": "numbers", "rows/KAZ.html": "rows of a country",
         "rows/internet_use.html": "an indicator", "rows/milestones.html": "rows of a table"}
CATEGORIES = ("performance", "accessibility", "best-practices")
REASONS = {}   # audit -> why its points are missing


def weight(name):
    """Bytes of a page, compressed: without its figures, and with them."""
    text = (SITE / name).read_text(encoding="utf-8")
    bare = re.sub(r"<svg.*?</svg>", "", text, flags=re.S)
    return [len(gzip.compress(one.encode(), 9, mtime=0)) for one in (bare, text)]


def violations(browser, axe, name):
    """{"light 390": {rule: [elements]}} of what axe-core finds, by theme and width."""
    found = {}
    for theme in ("light", "dark"):
        for width in (390, 1280):
            context = browser.new_context(viewport={"width": width, "height": 900},
                                          color_scheme=theme, reduced_motion="reduce")
            page = context.new_page()
            page.goto((SITE / name).as_uri())
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            page.add_script_tag(content=axe)
            said = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
            for kind in ("violations", "incomplete"):
                for rule in said[kind]:
                    place = found.setdefault(kind, {}).setdefault(f"{theme} {width}", {})
                    place[rule["id"]] = [node["html"][:160] for node in rule["nodes"][:3]]
            context.close()
    return found


def scores(folder, address):
    """({category: score}, {audit: what it says} of those that are not full) by Lighthouse."""
    flags = " ".join(["--headless=new", *browsing.FLAGS])
    done = subprocess.run(
        [f"{folder}/node_modules/.bin/lighthouse", address, "--output=json", "--quiet",
         f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"],
        capture_output=True, encoding="utf-8", env=os.environ | {"CHROME_PATH": browsing.CHROMIUM})
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1:]}, {}
    said = json.loads(done.stdout)
    short = {}
    for category in CATEGORIES:
        for ref in said["categories"][category]["auditRefs"]:
            audit = said["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                short[ref["id"]] = audit.get("displayValue") or audit["title"]
    return {name: round(100 * (said["categories"][name]["score"] or 0)) for name in CATEGORIES}, \
        short


def serve():
    """The site at an address of this machine, its texts compressed, as hosts send them."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *said):
            pass

        def do_GET(self):
            path = Path(self.translate_path(self.path))
            if path.suffix not in (".html", ".js", ".css", ".json", ".csv", ".svg"):
                return super().do_GET()
            content = gzip.compress(path.read_bytes(), 9)
            self.send_response(200)
            for name, value in (("Content-Type", self.guess_type(path)),
                                ("Content-Encoding", "gzip"), ("Content-Length", len(content))):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(content)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def main(folder, *names):
    axe = Path(folder, "node_modules", "axe-core", "axe.min.js").read_text(encoding="utf-8")
    home, results, wrong = serve(), {}, []
    with browsing.chromium(sync_api) as browser:
        for name in names or KINDS:
            found = violations(browser, axe, name)
            scored, short = scores(folder, f"{home}/{name}")
            results[name] = {"kind": KINDS.get(name, ""), "bytes": weight(name), "axe": found,
                             "lighthouse": scored, "not full": short}
            print(name, results[name]["bytes"], {kind: len(held) for kind, held in found.items()},
                  scored, short, flush=True)
            known = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
            TARGET.write_text(json.dumps(known | results, indent=1) + "\n", encoding="utf-8")
            wrong += [f"{name}: {rule}" for held in found.get("violations", {}).values()
                      for rule in held]
            wrong += [f"{name}: {audit}" for audit in short if audit not in REASONS]
    print(*dict.fromkeys(wrong), sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

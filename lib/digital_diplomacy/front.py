"""The front page: the question, the answer, the figure that shows it, and the ways on."""

from pathlib import Path

from footnoted import edition, links, running
from footnoted.edition import numbers, tree

TEXT = "paper/front-page.md"  # the question, its answer, and what stands below
STYLE = Path(__file__).parent / "templates" / "front.css"
FIGURE = "00-introduction", "story"  # the chapter and the id of the figure that shows the answer
DOWNLOADS = {"paper.pdf": "The paper", "supplement.pdf": "Its supplement",
             "digital-diplomacy-data.zip": "All tables, as CSV",
             "numbers.json": "Every number with its rows",
             "claims.json": "Every claim with its checks", "claims.csv": "The claims as a table"}
QUESTIONS = 4  # headings that stand under a chapter's title


def pages(notebooks, downloads=(), facts=None):
    """{file: text} of the front page and of its numbers.

    notebooks: {name: executed notebook}; downloads: {file name: bytes that it weighs}; facts: what
    the ways on say, {"claims": "123 claims, each with its verdict"}; a way without is left out.
    """
    read = [edition.chapter(notebook, name) for name, notebook in notebooks.items()]
    front = edition.front_matter(text(), read)
    front.cards = f"{numbers.FOLDER}/index.html"
    references = edition.compose([front])
    head, *sections = parted(front.blocks, 2)
    chapters = [one.name for one in read if one.home == "paper"]
    profiles = [one for one in read if one.name.startswith("profile-")]
    supplements = [name for name in notebooks if not name.startswith("profile-")
                   and name not in chapters]
    figure = [block for one in read if one.name == FIGURE[0]
              for block in shown_figure(one, FIGURE[1], front)]
    said = {"chapters": counted(chapters, "chapter") + (
        f" and {counted(supplements, 'supplement')}" if supplements else ""),
        "countries": counted(profiles, "profile")} | (facts or {})
    front.blocks = [tree.div(["hero"], [tree.div(["say"], head), *figure]),
                    *ways(said, downloads, profiles)]
    front.blocks += [answers(one) for one in sections[:1]]
    front.blocks.append(tree.div(["listed"], [
        tree.div(["list"], listed(title, names, notebooks))
        for title, names in (("Chapters", chapters), ("Supplements", supplements)) if names]))
    front.blocks += [*profile_list(profiles), *download_list(downloads)]
    front.blocks += [block for one in sections[1:] for block in one]
    on = edition.read_date(one.record for one in read)
    made = edition.html_page(front, references, sheets=[STYLE], **edition.navigation("index") | {
        "sections": [], "read": f"Data read up to {on}." if on else ""})
    return {"index.html": made} | edition.numbers_files(front, "index", numbers.FOLDER)


def text():
    """What the front page says, as Markdown: paper/front-page.md, else the front matter."""
    return running.text_of(running.root() / TEXT) or edition.front_text()


def parted(blocks, level):
    """Blocks cut before each heading of a level: lists of blocks, the first without that heading.

    >>> list(map(len, parted([tree.para("a"), tree.header(2, "b", "b"), tree.para("c")], 2)))
    [1, 2]
    """
    parts = [[]]
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] == level:
            parts.append([])
        parts[-1].append(block)
    return parts


def answers(blocks):
    """A section whose parts stand side by side, each under its heading."""
    head, *parts = parted(blocks, 3)
    return tree.div(["answers"], [*head, *(tree.div(["answer"], part) for part in parts)])


def counted(names, one):
    """How many there are, in words.

    >>> counted(["a", "b"], "chapter"), counted(["a"], "chapter")
    ('2 chapters', '1 chapter')
    """
    return f"{len(names)} {one}{'s' if len(names) != 1 else ''}"


def profile_list(profiles):
    """The section of the countries whose profiles are pages; nothing where there are none."""
    named = [part for one in profiles for part in (
        tree.string(" · "), tree.link(one.about, f"{one.name}.html"))]
    return section("Profiles of countries", tree.para(*named[1:]), "profiles") if named else []


def download_list(downloads):
    """The section of what can be taken away, each with its kind and weight."""
    entries = [[tree.node("Plain", [tree.link(words, name), tree.string(
        f" ({Path(name).suffix[1:].upper()}, {weight(downloads[name])})")])]
        for name, words in DOWNLOADS.items() if name in downloads]
    return section("Download", tree.node("BulletList", entries)) if entries else []


def ways(said, downloads, profiles):
    """Where a reader goes from here: a list of links, each with a line that says what is there."""
    countries = countries_page() or (profiles and "#profiles")
    offered = [("Read the paper", "paper.pdf" if "paper.pdf" in downloads else "",
                f"One PDF, {weight(downloads['paper.pdf'])}" if "paper.pdf" in downloads else ""),
               ("Chapters", "#chapters", said.get("chapters")),
               ("The article’s claims", "ledger.html", said.get("claims")),
               ("Countries", countries, said.get("countries")),
               ("Data", "data.html", said.get("data"))]
    entries = [[tree.node("Plain", [tree.link(title, to), tree.string(" "),
                                    tree.span(["asks"], words)])]
               for title, to, words in offered if to and words]
    return [tree.node("RawBlock", "html", '<nav class="ways" aria-label="Ways on">'),
            tree.node("BulletList", entries), tree.node("RawBlock", "html", "</nav>")]


def countries_page():
    """The page of all countries where the study has one among its further pages, else ""."""
    named = [page["name"] for page in running.settings().get("further", ())]
    return "countries.html" if "countries" in named else ""


def section(title, block, name=""):
    """A heading of the front page and what stands under it."""
    return [tree.header(2, title, name or title.lower()), block]


def listed(title, names, notebooks):
    """A section that lists notebooks."""
    return section(title, tree.node("BulletList", [
        chapter_lines(name, notebooks[name]) for name in names]))


def shown_figure(one, name, front):
    """A figure of a chapter on the front page, with the way to its place there; [] without it."""
    bundle = one.record.bundles.get(name, {})
    if bundle.get("kind") != "figure":
        return []
    front.media[f"front-{name}"] = bundle
    more = tree.link("Read\u00a0on", f"{one.name}.html#{name}")
    return [tree.div(["figure"], [tree.para(bundle["caption"].rstrip(".") + ". ", more)],
                     f"front-{name}")]


def chapter_lines(name, notebook):
    """An entry of the contents: its number, if it has one, the title, and under it what it asks."""
    number = edition.chapter_number(name)
    title = tree.typographic_quotes(links.title(notebook, name))
    asks = [tree.typographic_quotes(text) for level, text in links.sections(notebook)
            if level == 2 and text.endswith("?")][:QUESTIONS]
    inlines = [tree.string(f"{number} ")] if number else []
    inlines.append(tree.link(title, f"{name}.html"))
    if asks:
        inlines += [tree.node("LineBreak"), tree.span(["asks"], " ".join(asks))]
    return [tree.node("Plain", inlines)]


def weight(size):
    """How much a file weighs, as a reader wants it.

    >>> [weight(n) for n in (300, 45_000, 1_296_000)]
    ['1\\xa0kB', '45\\xa0kB', '1.3\\xa0MB']
    """
    return f"{size / 1e6:.1f}\u00a0MB" if size >= 1e6 / 2 else f"{max(size / 1e3, 1):.0f}\u00a0kB"

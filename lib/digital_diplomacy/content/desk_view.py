"""What a person sees of the coding desk: a sentence, a box and buttons, the codebook beside it.

All of it works without a mouse. In the box: numbers or codes of topics, then Enter, saves and goes
on; b and Enter goes back. Or Tab to a topic, Space to choose it, Tab to "Save and next", Space.
What is typed and what is pressed count together.
"""

from html import escape

from ipywidgets import HTML, Button, HBox, Layout, Textarea, ToggleButton, VBox

from . import desk as work
from .codings import UNIT
from ..tables import DataError

BACK = ("b", "back", "<")
KEYS = ("Keys: numbers or codes of topics, Enter (saves, next); b, Enter (back). Or Tab to a "
        "topic, Space; Tab to Save, Space. Typed and pressed count together; what was saved before "
        "gives way to what you type.")


class View:
    """The desk's controls and what they do; `whole` is what a cell displays.

    Nothing is kept here but the place in the sample and the state of the box: each step reads the
    person's file.
    """

    def __init__(self, desk):
        self.desk, self.place = desk, None
        self.entered = self.left = ""  # what last came with Enter; what the box was then given
        self.head, self.sentence, self.note = HTML(), HTML(), HTML()
        self.box = Textarea(rows=1, placeholder="such as 3 7, then Enter", description="Topics",
                            layout=Layout(width="95%"))
        self.topics = {row.code: ToggleButton(
            description=f"{row.number} {row.name}", tooltip=row.code, layout=Layout(width="auto"))
            for row in desk.topics.itertuples()}
        self.save = Button(description="Save and next", button_style="primary")
        self.back = Button(description="Back")
        self.box.observe(self.heard, "value")
        self.save.on_click(lambda _: self.attempt(self.keep))
        self.back.on_click(lambda _: self.attempt(self.return_))
        self.whole = laid_out(self)
        self.attempt(self.go_on)

    def heard(self, change):
        """The box has another text; a line break in it is Enter.

        Text and Enter must come in one message: a box of one line tells Enter before its text.
        """
        text = change["new"]
        if text == self.left:
            return
        if self.entered and text != self.entered and text.startswith(self.entered):
            self.fill(self.left)  # typed before the box was emptied, for a sentence not yet seen
            return
        self.entered = ""
        if "\n" in text:
            self.entered = text
            self.attempt(self.enter)
            if self.box.value == text:  # not saved: it stays, without Enter
                self.fill(text.replace("\n", ""))

    def fill(self, text):
        """Put a text into the box."""
        self.left = text
        self.box.value = text

    def attempt(self, step):
        """Take a step; what is wrong is said under the sentence, and nothing changes."""
        self.say("")
        try:
            step()
        except (DataError, OSError) as error:
            self.say(str(error))

    def enter(self):
        """What stands in the box: back, topics, or nothing, which saves what is pressed."""
        line, _, rest = self.box.value.partition("\n")
        if rest.strip():
            raise DataError("Enter stood within the text: look at it, then Enter at its end")
        if line.strip().lower() in BACK:
            self.fill("")
            self.return_()
        else:
            self.keep()

    def keep(self):
        """Save the topics of this sentence, and show the next one not coded yet."""
        if self.place is None:
            return
        codes = self.chosen()
        work.record(self.desk, self.place, codes)
        self.go_on()
        self.say(f"Saved: {' '.join(codes)}")

    def chosen(self):
        """The topics typed and pressed; what only was saved before gives way to what is typed."""
        pressed = {code for code, button in self.topics.items() if button.value}
        text = self.box.value.strip()
        typed = work.typed(text, self.desk.topics) if text else []
        if typed and pressed == {*work.given(self.desk, work.coded(self.desk), self.place)}:
            return typed
        return work.usable([*typed, *pressed])

    def go_on(self):
        """Show the first sentence that is not coded yet."""
        self.show(work.following(self.desk, work.coded(self.desk)))

    def return_(self):
        """Show the sentence before this one, with its codes, to be corrected."""
        last = len(self.desk.sample) if self.place is None else self.place
        if last == 0:
            self.say("This is the first sentence.")
            return
        self.show(last - 1)

    def show(self, place):
        """Show a place of the sample, or the end."""
        rows = work.coded(self.desk)
        self.place, total = place, len(self.desk.sample)
        if place is None:
            self.head.value = (f"<p>All {total} sentences are coded. Set reveal = True in the "
                               "second cell, then Run All.</p>")
            self.sentence.value = ""
        else:
            done = len(rows.merge(self.desk.sample, on=UNIT))  # a file may hold another seed's too
            self.head.value = f"<p>Sentence {place + 1} of {total}; coded {done}</p>"
            self.sentence.value = spoken(self.desk.sample["text"].iloc[place])
        self.choose([] if place is None else work.given(self.desk, rows, place))
        self.fill("")

    def choose(self, codes):
        """Press the buttons of these topics and release the others."""
        for code, button in self.topics.items():
            button.value = code in codes

    def say(self, text):
        """One line under the sentence, read out by screen readers."""
        self.note.value = f'<p role="status" style="min-height: 1.4em">{escape(text)}</p>'


def show(desk):
    """The desk as a cell displays it. Raises DeskError where it is not open."""
    return View(work.opened(desk)).whole


def laid_out(view):
    """Sentence, box and buttons on the left, the codebook on the right."""
    keys = HTML(f"<p>{KEYS}</p>")
    topics = HBox([*view.topics.values()], layout=Layout(flex_flow="row wrap"))
    left = VBox([view.head, view.sentence, view.box, view.note, topics,
                 HBox([view.save, view.back]), keys], layout=Layout(width="52%"))
    right = HTML(codebook(view.desk.topics), layout=Layout(width="47%"))
    return HBox([left, right], layout=Layout(width="100%"))


def spoken(text):
    """A sentence in large letters."""
    return (f'<p lang="en" style="font-size: 1.3em; line-height: 1.5; min-height: 6em">'
            f"{escape(text)}</p>")


def codebook(topics):
    """The codebook as HTML: number, name, definition, what is in and out, examples.

    topics: as `desk.numbered` gives them.
    """
    return ('<div tabindex="0" role="region" aria-label="Codebook" '
            'style="height: 36em; overflow-y: auto; line-height: 1.4; padding: 0 0.5em">'
            + "".join(map(entry, topics.to_dict("records"))) + "</div>")


def entry(topic):
    """One topic of the codebook as HTML."""
    examples = "".join(f"<li>{escape(text.strip())}</li>"
                       for text in topic["examples"].split("|") if text.strip())
    return (f"<p><b>{topic['number']} {escape(topic['name'])}</b> ({escape(topic['code'])})<br>"
            f"{escape(topic['definition'])}<br><i>In:</i> {escape(topic['includes'])}<br>"
            f"<i>Out:</i> {escape(topic['excludes'])}</p><ul>{examples}</ul>")

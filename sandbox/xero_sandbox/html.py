"""Plain server-rendered HTML: everything is escaped unless it is :class:`Raw`."""

import html
from importlib.resources import files


class Raw(str):
    """Text that is HTML already."""


def esc(value):
    """``value`` as safe HTML; None becomes empty."""
    if isinstance(value, Raw):
        return value
    return Raw(html.escape("" if value is None else str(value)))


def tag(name, /, *children, **attributes):
    """An element; ``class_`` and ``for_`` lose their underscore, None and False are left out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{esc(value)}"' if value is not True
        else f" {key.rstrip('_')}"
        for key, value in attributes.items() if value not in (None, False))
    if name in ("input", "br"):
        return Raw(f"<{name}{shown}>")
    return Raw(f"<{name}{shown}>{''.join(map(esc, children))}</{name}>")


def page(title, *body, crumbs=()):
    """A whole page with the sandbox's style; ``crumbs`` are (text, address) links above it."""
    style = (files(__package__) / "style.css").read_text()
    links = [part for text, address in crumbs
             for part in (tag("a", text, href=address), Raw(" &rsaquo; "))]
    return "<!DOCTYPE html>" + tag(
        "html",
        tag("head", tag("title", f"{title} - Xero sandbox"), Raw('<meta charset="utf-8">'),
            Raw('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("style", Raw(style))),
        tag("body", tag("header", tag("a", "Xero sandbox", href="/"), tag(
            "span", "a local stand-in, not the real Xero", class_="note")),
            tag("main", tag("nav", *links) if links else "", tag("h1", title), *body)),
        lang="en")


def with_problem(text, problem):
    """A finished page with why something was refused above its body."""
    heading, rest = text.split("</h1>", 1)
    return f"{heading}</h1>{tag('p', problem, class_='error')}{rest}"


def table(headings, rows, numeric=()):
    """A table; columns with the numbers in ``numeric`` are aligned right."""
    def cells(kind, values):
        return [tag(kind, value, class_="number" if index in numeric else None)
                for index, value in enumerate(values)]

    return tag("table", tag("thead", tag("tr", *cells("th", headings))),
               tag("tbody", *(tag("tr", *cells("td", row)) for row in rows)))

"""The page on which fault rules are seen, added and cleared."""

from .faults import KINDS
from .html import page, table, tag


def show(sandbox, request):
    """The fault rules, a form to add one and a button to clear them."""
    form = request.form
    problem = None
    if "clear" in form:
        sandbox.faults.clear()
    elif "kind" in form:
        try:
            sandbox.faults.add(
                form["kind"], form.get("method") or "*", form.get("path", ""),
                nth=int(form["nth"]) if form.get("nth") else None,
                probability=float(form.get("probability") or 1),
                times=int(form["times"]) if form.get("times") else None,
                seconds=float(form.get("seconds") or 1))
        except ValueError as error:
            problem = str(error)
    keys = ("id", "kind", "method", "path", "nth", "probability", "times", "matched", "fired")
    rows = [[rule[key] for key in keys] for rule in sandbox.faults.rules]
    inputs = [tag("label", name, " ", tag("input", name=name, size=12))
              for name in ("method", "path", "nth", "probability", "times", "seconds")]
    kinds = tag("select", *(tag("option", f"{kind}: {text}", value=kind)
                            for kind, text in KINDS.items()), name="kind")
    return page(
        "Faults", tag("p", problem, class_="error") if problem else "",
        table([key.capitalize() for key in keys], rows),
        tag("h2", "Add a rule"), tag("form", tag("label", "kind ", kinds), *inputs,
                                     tag("button", "Add"), method="post"),
        tag("form", tag("button", "Clear all", name="clear", value="1", class_="quiet"),
            method="post"), crumbs=[("Organisations", "/")])

"""Sees that pages have a row for every error and every event, that errors have
the advice of the sources, that the index leads to all pages, that the README
fits two screens, and that links lead somewhere.

usage: reference_pages.py <root of the project>
"""
import pathlib
import re
import sys


def error_codes(root: pathlib.Path) -> list[str]:
    text = (root / "core/bulwark/errors/errc.hpp").read_text()
    body = text[text.index("enum class errc"):text.index("\n};")]
    return re.findall(r"^  (\w+)(?: = 1)?,$", body, re.MULTILINE)


def event_kinds(root: pathlib.Path) -> list[str]:
    text = (root / "core/bulwark/events/event.hpp").read_text()
    start = text.index("enum class event_kind")
    return re.findall(r"^  (\w+),$", text[start:text.index("\n};", start)],
                      re.MULTILINE)


def complaints_about_rows(page: pathlib.Path, words: list[str]) -> list[str]:
    rows = re.findall(r"^\| `(\w+)` \|", page.read_text(), re.MULTILINE)
    if len(words) < 10:
        return [f"{page.name}: the sources are not read as they were"]
    return ([f"{page.name}: `{word}` has no row"
             for word in words if word not in rows]
            + [f"{page.name}: `{word}` has more than one row"
               for word in set(rows) if rows.count(word) > 1]
            + [f"{page.name}: there is no `{word}`"
               for word in rows if word not in words])


def advice(root: pathlib.Path) -> dict[str, tuple[str, str]]:
    """What the sources say of each error: whether it was handled, and whether
    to try again."""
    text = (root / "core/bulwark/errors/advice.cpp").read_text()
    result, waiting = {}, []
    for word, handled, again in re.findall(
            r"case (\w+):|return \{was_handled::(\w+), try_again::(\w+)\};",
            text):
        if word:
            waiting.append(word)
            continue
        result |= dict.fromkeys(waiting, (handled, again))
        waiting = []
    return result


def complaints_about_advice(page: pathlib.Path,
                            of: dict[str, tuple[str, str]]) -> list[str]:
    result = []
    for word, (handled, again) in of.items():
        row = re.search(rf"^\| `{word}` \| [^|]+ \| ([^|]*) \| ([^|]*) \|$",
                        page.read_text(), re.MULTILINE)
        wanted = (handled.replace("_", " "), again.replace("_", " "))
        if not row or not (row.group(1).startswith(wanted[0])
                           and row.group(2).startswith(wanted[1])):
            result.append(f"{page.name}: the row of `{word}` must have the "
                          f"columns '{wanted[0]}' and '{wanted[1]}'")
    return result


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: pathlib.Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", without_code(page.read_text()),
                        re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            for title in titles}


def complaints_about_links(root: pathlib.Path,
                           page: pathlib.Path) -> list[str]:
    result = []
    found = re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text()))
    for link in found:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        name = f"{page.relative_to(root)}: {link}"
        if not target.exists():
            result.append(f"{name}: there is no such file")
        elif anchor and target.suffix == ".md" and anchor not in anchors(
                target):
            result.append(f"{name}: that page has no such title")
    return result


# What people ask first, in the index as they would ask it.
QUESTIONS = ["My service hangs", "I want three replicas",
             "What does this log line mean?"]


def complaints_about_index(root: pathlib.Path) -> list[str]:
    index = (root / "docs/README.md").read_text()
    return ([f"docs/README.md: no line leads to {page.name}"
             for page in sorted(root.glob("docs/*.md"))
             if page.name != "README.md" and f"]({page.name}" not in index]
            + [f"docs/README.md: nobody can find '{each}'"
               for each in QUESTIONS if f"| {each} |" not in index])


def complaints_about_readme(root: pathlib.Path) -> list[str]:
    lines = (root / "README.md").read_text().count("\n")
    return ([f"README.md: {lines} lines; it must have at most 130, two screens"]
            if lines > 130 else [])


def main(root: pathlib.Path) -> int:
    pages = [*root.glob("*.md"), *root.glob("docs/*.md"),
             *root.glob("bench/*.md"), *root.glob("examples/**/*.md")]
    all_complaints = complaints_about_rows(root / "docs/errors.md",
                                           error_codes(root))
    advised = advice(root)
    all_complaints += complaints_about_advice(root / "docs/errors.md", advised)
    all_complaints += [f"advice.cpp: nothing about `{word}`"
                       for word in error_codes(root) if word not in advised]
    all_complaints += complaints_about_rows(root / "docs/events.md",
                                            event_kinds(root))
    all_complaints += complaints_about_index(root)
    all_complaints += complaints_about_readme(root)
    for page in pages:
        all_complaints += complaints_about_links(root, page)
    for each in all_complaints:
        print(each)
    return 1 if all_complaints else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

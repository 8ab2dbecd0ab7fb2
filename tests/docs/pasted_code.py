"""Compares the code that pages show with files that are compiled: a page's
first program with its file in examples/, every other block with any lines in
a row of a file in examples/, tests/docs/ or tests/package/.

usage: pasted_code.py <root of the project>
"""
import pathlib
import re
import sys
import textwrap

PROGRAMS = {
    "README.md": "examples/hello/hello.cpp",
    "docs/protection.md": "examples/guard/guard.cpp",
    "docs/testing.md": "examples/testing/greeter.test.cpp",
    "docs/two-nodes.md": "examples/two_nodes/two_nodes.cpp",
}

# Enough of them that a change of how pages are written is seen.
BLOCKS_MIN = 25


def blocks_of(page: pathlib.Path) -> list[tuple[int, str]]:
    """Returns the blocks of C++ and CMake, and the lines where they begin."""
    text = page.read_text()
    return [(text.count("\n", 0, found.start()) + 1, found.group(1))
            for found in re.finditer(r"^```(?:cpp|c\+\+|cmake)\n(.*?)^```$", text,
                                     re.DOTALL | re.MULTILINE)]


def stands_in(block: str, source: str) -> bool:
    """Whether the lines of `block` are in `source`, indented as may be."""
    lines = source.split("\n")
    wanted = block.rstrip("\n").split("\n")
    for i in range(len(lines) - len(wanted) + 1):
        if (lines[i].strip() == wanted[0].strip()
                and textwrap.dedent("\n".join(lines[i:i + len(wanted)]))
                == textwrap.dedent("\n".join(wanted))):
            return True
    return False


def complaints(root: pathlib.Path) -> list[str]:
    result = []
    for page, program in PROGRAMS.items():
        shown = blocks_of(root / page)
        if not shown or shown[0][1] != (root / program).read_text():
            result.append(
                f"{page}: its first program is not {program}; paste it anew")
    sources = [each.read_text()
               for folder in ("examples", "tests/docs", "tests/package")
               for kind in ("*.cpp", "*.hpp", "CMakeLists.txt")
               for each in (root / folder).rglob(kind)]
    pages = [*root.glob("*.md"), *root.glob("docs/*.md"),
             *root.glob("bench/*.md"), *root.glob("examples/**/*.md")]
    count = 0
    for page in pages:
        for line, block in blocks_of(page):
            count += 1
            if not any(stands_in(block, source) for source in sources):
                result.append(
                    f"{page.relative_to(root)}:{line}: this code stands in no "
                    "file of examples/ or tests/docs/pages/; put it there, so "
                    "that it is compiled")
    if count < BLOCKS_MIN:
        result.append(f"{count} blocks of code were found on all pages; there "
                      f"were at least {BLOCKS_MIN}")
    return result


def main(root: pathlib.Path) -> int:
    found = complaints(root)
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

"""Compares programs shown on pages with the files in examples/.

usage: pasted_code.py <root of the project>
"""
import pathlib
import re
import sys

SHOWN = {
    "README.md": "examples/hello/hello.cpp",
    "docs/protection.md": "examples/guard/guard.cpp",
    "docs/testing.md": "examples/testing/greeter.test.cpp",
    "docs/two-nodes.md": "examples/two_nodes/two_nodes.cpp",
}


def first_program(page: str) -> str:
    found = re.search(r"^```cpp\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return found.group(1) if found else ""


def main(root: pathlib.Path) -> int:
    wrong = 0
    for page, program in SHOWN.items():
        shown = first_program((root / page).read_text())
        if shown != (root / program).read_text():
            print(f"{page}: its first program is not {program}; paste it anew")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

#!/usr/bin/env python3
"""Builds the simulation with one line of the real sources changed, for each
entry of mutations.toml, and demands that the named checker sees it.

usage: catch_mutations.py BUILD_FOLDER SOURCE_FOLDER [--third | NAME...]

--third tries one mutation in three. Which ones follows from the text of the
changed files: the same sources are tried alike, and others get their turn as
the sources change. Without it all are tried, or those that are named.
"""

import concurrent.futures
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tomllib
import zlib

JOBS = 2
SEEDS = 2000
TIME_MAX_S = 120


class Failure(Exception):
    """Says why a mutation was not caught."""


def run(command, cwd):
    """Returns the exit code and what was printed."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIME_MAX_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"took longer than {TIME_MAX_S} s") from None
    return done.returncode, done.stdout


def must_run(command, cwd):
    code, text = run(command, cwd)
    if code != 0:
        raise Failure(f"{' '.join(command)}\n{text}")
    return text


def files_of(unit):
    """Returns the sources that are compiled as one in `unit`, or itself."""
    if "/Unity/" not in unit:
        return [unit]
    return re.findall(r'^#include "(.*)"$', pathlib.Path(unit).read_text(), re.M)


class Build:
    """What is known of the build that the mutations start from."""

    def __init__(self, folder, source):
        self.folder = folder
        self.source = source
        commands = json.loads((folder / "compile_commands.json").read_text())
        self.commands = {}
        self.units = {}
        for each in commands:
            unit = each["file"]
            self.commands.setdefault(unit, shlex.split(each["command"]))
            for file in files_of(unit):
                self.units.setdefault(file, unit)
        text = must_run(["ninja", "-t", "commands", "simulation"], folder)
        link = shlex.split(text.strip().splitlines()[-1])
        # CMake writes ": && link ... && :".
        self.link = [word for word in link if word not in (":", "&&")]
        self.dependencies = must_run(["ninja", "-t", "deps"], folder)

    def units_with(self, header):
        """Returns what is compiled for the simulation with that header."""
        units = set()
        for block in self.dependencies.split("\n\n"):
            files = {
                str((self.folder / line.strip()).resolve())
                for line in block.splitlines()[1:]
            }
            if str(header) in files:
                units |= files & self.commands.keys()
        return sorted(unit for unit in units if self.is_linked(unit))

    def is_linked(self, unit):
        command = self.commands[unit]
        return command[command.index("-o") + 1].startswith(
            ("core/", "actors/", "tests/simulation/")
        )


def change(mutation, source):
    """Returns the text of the file with its one line changed."""
    lines = (source / mutation["file"]).read_text().split("\n")
    places = [
        i for i, line in enumerate(lines) if line.strip() == mutation["line"]
    ]
    if len(places) != 1:
        raise Failure(
            f"{mutation['file']} has {len(places)} lines "
            f"\"{mutation['line']}\"; it must have exactly one"
        )
    lines[places[0]] = mutation["replacement"]
    return "\n".join(lines)


def compile_one(build, unit, output, text=None, include=None):
    """Compiles a unit of the build, or what is to replace its text."""
    command = list(build.commands[unit])
    place = command.index(unit)
    if text is not None:
        copy = output.with_suffix(".cpp")
        copy.write_text(text)
        command[place] = str(copy)
    command[command.index("-o") + 1] = str(output)
    if include is not None:
        first = next(i for i, x in enumerate(command) if x.startswith("-I"))
        command.insert(first, f"-I{include}")
    must_run(command, build.folder)
    return str(output)


def compile_changed(build, file, text, folder):
    """Compiles the unit of a source whose text is another now."""
    unit = build.units[str(file)]
    if unit != str(file):
        changed = folder / file.name
        changed.write_text(text)
        text = pathlib.Path(unit).read_text().replace(
            f'"{file}"', f'"{changed}"'
        )
    return compile_one(build, unit, folder / "changed_unit.o", text)


def objects_of(build, mutation, folder):
    text = change(mutation, build.source)
    file = build.source / mutation["file"]
    if file.suffix == ".cpp":
        return [compile_changed(build, file, text, folder)]
    include = folder / "include"
    header = include / pathlib.Path(*pathlib.Path(mutation["file"]).parts[1:])
    header.parent.mkdir(parents=True, exist_ok=True)
    header.write_text(text)
    return [
        compile_one(build, unit, folder / f"{i}.o", None, include)
        for i, unit in enumerate(build.units_with(file))
    ]


def link(build, objects, output):
    """Before the archives, so that the originals in them are not needed."""
    command = list(build.link)
    command[command.index("-o") + 1] = str(output)
    archive = next(i for i, x in enumerate(command) if x.endswith(".a"))
    command[archive:archive] = objects
    must_run(command, build.folder)


def try_one(build, mutation):
    folder = build.folder / "mutations" / mutation["name"]
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "simulation"
    link(build, objects_of(build, mutation, folder), program)
    checker = mutation["checker"]
    code, text = run(
        [str(program), "--seeds", str(SEEDS), "--only", checker], folder
    )
    found = re.search(r"^seed (\d+) breaks (\w+): (.*)$", text, re.MULTILINE)
    if code != 1 or found is None:
        raise Failure(f"{checker} did not see that {mutation['why']}")
    return f"{found[2]} at seed {found[1]}: {found[3]}"


def chosen(listed, words, source):
    if words == ["--third"]:
        texts = (source / x["file"] for x in listed)
        turn = zlib.crc32(b"".join(x.read_bytes() for x in texts)) % 3
        return listed[turn::3]
    return [x for x in listed if not words or x["name"] in words]


def main():
    build = Build(
        pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    )
    listed = tomllib.loads(
        (pathlib.Path(__file__).parent / "mutations.toml").read_text()
    )["mutation"]
    wanted = chosen(listed, sys.argv[3:], build.source)
    missed = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        tries = [(x["name"], pool.submit(try_one, build, x)) for x in wanted]
        for name, each in tries:
            try:
                print(f"caught  {name}: {each.result()}", flush=True)
            except Failure as why:
                missed += 1
                print(f"MISSED  {name}: {why}", flush=True)
    print(
        f"{len(wanted) - missed} of {len(wanted)} mutations caught, "
        f"{len(listed)} are listed"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

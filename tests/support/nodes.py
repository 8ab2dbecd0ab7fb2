"""Runs a program as one node or several, which join the first, and waits until
the last one has printed lines that match, in this order.

usage: nodes.py <program> <regular expression>... -- <options of the first>
                [-- <options of the next>]...
"""
import re
import subprocess
import sys
import threading


def groups_of(arguments: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for each in arguments:
        if each == "--":
            groups.append([])
        else:
            groups[-1].append(each)
    return groups


def start(program: str, options: list[str]) -> subprocess.Popen:
    return subprocess.Popen([program, *options], stdout=subprocess.PIPE,
                            text=True)


def wait_for(node: subprocess.Popen, words: str) -> re.Match:
    """Returns what matches `words` in one of its next lines."""
    for line in node.stdout:
        print(line, end="")
        if found := re.search(words, line):
            return found
    raise SystemExit(f"a node has ended before it said '{words}'")


def main(program: str, arguments: list[str]) -> None:
    expected, first, *others = groups_of(arguments)
    nodes = [start(program, first)]
    # Whatever happens, they do not outlive this by long.
    watch = threading.Timer(30, lambda: [each.kill() for each in nodes])
    watch.start()
    try:
        if others:
            where = wait_for(nodes[0], r"node_started .*listen=(\S+)").group(1)
            nodes += [start(program, [*each, f"--join={where}"])
                      for each in others]
        for words in expected:
            wait_for(nodes[-1], words)
    finally:
        watch.cancel()
        for each in nodes:
            each.kill()
            each.wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

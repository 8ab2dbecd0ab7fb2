"""Runs a shop and its customer as two nodes, as docs/first-project.md says,
and waits until the customer was told both: what it got, and of a crash.

usage: two_nodes.py <the program shop>
"""
import re
import subprocess
import sys
import threading


def start(program: str, *options: str) -> subprocess.Popen:
    return subprocess.Popen([program, *options], stdout=subprocess.PIPE,
                            text=True)


def wait_for(node: subprocess.Popen, words: str) -> re.Match:
    """Returns what matches `words` in one of its next lines."""
    for line in node.stdout:
        print(line, end="")
        if found := re.search(words, line):
            return found
    raise SystemExit(f"a node has ended before it said '{words}'")


def main(program: str) -> None:
    nodes = [start(program, "--name=seller", "--listen=127.0.0.1:0")]
    # Whatever happens, they do not outlive this by long.
    watch = threading.Timer(20, lambda: [each.kill() for each in nodes])
    watch.start()
    try:
        where = wait_for(nodes[0], r"node_started .*listen=(\S+)").group(1)
        nodes.append(start(program, "--name=buyer", "--buy", f"--join={where}",
                           "--log-level=error"))
        wait_for(nodes[1], "^one tea$")
        wait_for(nodes[1], "^orders: std::invalid_argument: there is no coffee; ")
    finally:
        watch.cancel()
        for each in nodes:
            each.kill()
            each.wait()


if __name__ == "__main__":
    main(sys.argv[1])

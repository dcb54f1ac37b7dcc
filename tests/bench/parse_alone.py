"""The floor of an import: reading a mailbox with the standard library's parser, no more."""

import sys
from email.parser import BytesParser
from email.policy import compat32

from dsr.intake.read import arrivals


def main(path: str) -> None:
    """Parse every mail of a mailbox."""
    parser = BytesParser(policy=compat32)
    for arrival in arrivals(path, sys.stdin.buffer):
        parser.parsebytes(arrival.raw)


if __name__ == "__main__":
    main(sys.argv[1])

"""Write a mailbox of so many mails of so many MB each to standard output."""

import sys

LINE = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n"


def main(count: int, megabytes: int) -> None:
    """Write the mails; only their headers differ."""
    attached = LINE * (megabytes * 1_000_000 // len(LINE))
    for number in range(count):
        head = (
            f"From a@example.org Tue Nov  3 08:15:00 2026\nFrom: A <a{number}@example.org>\n"
            f"Subject: file {number}\nMessage-ID: <{number}.large@example.org>\n"
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=mark\n\n"
            "--mark\nContent-Type: text/plain\n\nPlease delete my personal data.\n"
            "--mark\nContent-Type: application/pdf; name=file.pdf\n"
            "Content-Transfer-Encoding: base64\n\n"
        )
        sys.stdout.buffer.write(head.encode())
        sys.stdout.buffer.write(attached)
        sys.stdout.buffer.write(b"--mark--\n\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

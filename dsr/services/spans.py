"""Many numbers that mostly follow each other, in little room."""

from collections.abc import Iterable


class Spans:
    """Numbers, as the spans in which they lie.

    Attributes:
        pairs: The first and the last of each span.
    """

    def __init__(self) -> None:
        self.pairs: list[tuple[int, int]] = []

    def add(self, numbers: Iterable[int]) -> None:
        """Add numbers; those that follow what was added last make its span longer."""
        for number in numbers:
            if self.pairs and self.pairs[-1][1] + 1 == number:
                self.pairs[-1] = self.pairs[-1][0], number
            else:
                self.pairs.append((number, number))

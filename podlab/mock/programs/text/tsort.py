"""tsort: an order in which each first word of a pair comes before its second."""

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import to_text


@applet("tsort", None, operands=(0, 1))
async def tsort(call: Call) -> int:
    """Sorts topologically; where pairs go in circles, says so and breaks them."""
    reader = await call.open_or_die(call.operands[0] if call.operands else "-")
    words = to_text(await reader.read_all()).split()
    if len(words) % 2:
        call.die("odd input")
    before: dict[str, int] = dict.fromkeys(sorted(words), 0)
    after: dict[str, list[str]] = {word: [] for word in before}
    for first, second in zip(words[::2], words[1::2], strict=True):
        if first != second:
            before[second] += 1
            after[first].append(second)
    code = 0
    while before:
        free = [word for word, count in before.items() if count == 0]
        if not free:
            code = 1
            free = [await _break_circle(call, before, after)]
        for word in free:
            await call.out.write_text(word + "\n")
            del before[word]
            for other in after[word]:
                if other in before:
                    before[other] -= 1
    return code


async def _break_circle(call: Call, before: dict[str, int], after: dict[str, list[str]]) -> str:
    """Tells of a circle, and names the word of it that goes first."""
    path = [next(iter(before))]
    while True:
        onward = next(word for word in _back(path[-1], before, after))
        if onward in path:
            circle = path[path.index(onward) :]
            await call.warn("cycle at " + circle[0])
            return circle[0]
        path.append(onward)


def _back(word: str, before: dict[str, int], after: dict[str, list[str]]) -> list[str]:
    """The words that still stand before `word`."""
    return [other for other in before if word in after[other]]

"""Colouring: which of the VM's registers each web gets, as few as greedily possible.

Webs are taken in the order in which they begin, and each gets the lowest register that is free
wherever the web is live. Where there is none, whatever costs least gives way: it is spilled.
"""

from __future__ import annotations

from collections.abc import Callable

from pymdvm.compiler.registers.convention import Convention
from pymdvm.compiler.registers.live_range import LiveRange
from pymdvm.compiler.registers.liveness import LiveRanges
from pymdvm.compiler.registers.machine import Register
from pymdvm.compiler.registers.webs import NO_COLOUR, Web

# The registers above stay free: for cycles of copies, and for arguments that must be moved out of
# the way.
COLOURS = 238

_NEVER = float("inf")


class Colouring:
    """A register of the VM for each register of the machine form.

    colours: by register
    count: how many registers are used, from r0 on
    spilled: the webs that got no register
    """

    def __init__(
        self,
        webs: list[Web],
        ranges: LiveRanges,
        convention: Convention,
        find_costs: Callable[[], Callable[[Web], float]],
    ) -> None:
        """find_costs: asked only when something has to be spilled; what it gives tells what
        spilling a web costs, infinitely much if it must not be spilled.
        """
        self._calls = ranges.calls
        self._convention = convention
        self._find_costs = find_costs
        self._cost: Callable[[Web], float] | None = None
        self._taken: list[LiveRange] = []
        self._residents: list[list[Web]] = []
        self.spilled: list[Web] = []
        for web in sorted(webs, key=lambda web: web.fixed == NO_COLOUR):
            self._place(web)
        self.count = len(self._taken)
        self.colours: dict[Register, int] = {
            register: colour
            for colour, residents in enumerate(self._residents)
            for web in residents
            for register in web.members
        }

    def _place(self, web: Web) -> None:
        if web.fixed != NO_COLOUR:
            self._settle(web, web.fixed)
            return
        limit = COLOURS
        if self._convention.preserved < limit and web.range.crosses_any(self._calls):
            limit = self._convention.preserved
        start = web.range.starts[0]
        for colour, taken in enumerate(self._taken[:limit]):
            # Webs come in the order in which they begin, so the last segment nearly always decides.
            is_live = taken.starts and taken.starts[-1] <= start < taken.ends[-1]
            if not is_live and not taken.meets(web.range):
                self._settle(web, colour)
                return
        if len(self._taken) < limit:
            self._settle(web, len(self._taken))
        else:
            self._make_room(web, limit)

    def _settle(self, web: Web, colour: int) -> None:
        while len(self._taken) <= colour:
            self._taken.append(LiveRange())
            self._residents.append([])
        self._taken[colour].unite(web.range)
        self._residents[colour].append(web)

    def _make_room(self, web: Web, limit: int) -> None:
        """Spill the web, or those that are in its way in some register, whichever costs less."""
        lowest = self._price(web)
        chosen = NO_COLOUR
        for colour in range(limit):
            price = 0.0
            for resident in self._residents[colour]:
                if resident.range.meets(web.range):
                    price += self._price(resident)
                    if price >= lowest:
                        break
            if price < lowest:
                lowest = price
                chosen = colour
        if chosen == NO_COLOUR:
            assert lowest < _NEVER, "what spilling needs must always find a register"
            self.spilled.append(web)
            return
        stayed = []
        for resident in self._residents[chosen]:
            if resident.range.meets(web.range):
                self.spilled.append(resident)
            else:
                stayed.append(resident)
        self._residents[chosen] = stayed
        self._taken[chosen] = LiveRange()
        for resident in stayed:
            self._taken[chosen].unite(resident.range)
        self._settle(web, chosen)

    def _price(self, web: Web) -> float:
        """What spilling the web costs for each point where that frees a register."""
        if self._cost is None:
            self._cost = self._find_costs()
        return self._cost(web) / web.range.size()

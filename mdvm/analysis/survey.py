"""Summaries of all functions that a component may call, directly or through others, before it is
lowered.

Functions that call each other are analysed together, all others after those that they call. So each
component is analysed once, however many there are, and only those that are one large recursion need
memory at the same time. (Tarjan: Depth-first search and linear graph algorithms, 1972, with a stack
of its own.)
"""

from mdvm.analysis.analysis import Analysis
from mdvm.analysis.calls import ANY_FUNCTION, Calls
from mdvm.system.jit import dont_look_inside
from mdvm.analysis.components import Components
from mdvm.analysis.effort import Effort, TooMuchEffort
from mdvm.loading.encoding import end_of
from mdvm.analysis.fragment import component_ranges, decode, whole_module
from mdvm.analysis.recursion import Recursion
from mdvm.analysis.summaries import (
    ALL_GLOBALS,
    REGISTERS,
    Summaries,
    Summary,
    number_functions,
)

# More instructions than that, or more bytes of them, are not analysed together: they may do
# anything.
LARGEST_ANALYSED = 100000
_MOST_BYTES = 500000

# The budget of an analysis: so many visits of each instruction, and some for everybody.
_VISITS = 64
_SPARE_VISITS = 20000

# instructions of components whose calls are remembered until these have been analysed
_MOST_KEPT = 20000

# in the place of a component: all that functions begin in, which a call by a computed name may
# reach
_ANY = -1
_NONE = -2  # where a call leads that reaches no function of the module

_everything = Summary(
    [register for register in range(REGISTERS)],
    [register for register in range(REGISTERS)],
    True,
    True,
    ALL_GLOBALS,
)


def can_be_analysed(components, ranges):
    """ranges: Ranges, of instructions of the module -> bool, whether there are few enough."""
    if ranges.count > LARGEST_ANALYSED:
        return False
    instructions = components.module.instructions
    size = 0
    for run in range(len(ranges.firsts)):
        last = instructions.offset_of(ranges.ends[run] - 1)
        size += end_of(instructions.data, last) - instructions.offset_of(ranges.firsts[run])
    return size <= _MOST_BYTES


def effort_for(count):
    """count: int, instructions -> Effort, the budget for analysing them."""
    return Effort(count * _VISITS + _SPARE_VISITS)


def analyse(module):
    """module: Module -> Analysis of all of it at once, for inspection and not for a run."""
    summaries = Summaries(module, number_functions(module))
    return Analysis(Calls(whole_module(Components(module)), summaries.function_numbers), summaries)


class Survey(object):
    """What is known of a module's functions so far.

    components: Components. summaries: Summaries. is_known: list of bool by component, whether the
    functions in it are summarised;
    knows_any: bool, whether all are.
    recursions: list of Recursion by component, None where no function can reach itself, as far as
    that is known.
    """

    def __init__(self, components, summaries):
        self.components = components
        self.summaries = summaries
        self.is_known = [False] * (len(components.firsts) - 1)
        self.knows_any = False
        self.recursions = [None] * (len(components.firsts) - 1)

    @dont_look_inside
    def look_from(self, component):
        """Summarises the functions in the component and all that it may call.  Raises RunError
        where the program is to end.
        """
        if not self.is_known[component]:
            _Search(self).look_from(component)

    def has(self, node):
        """node: int, a component or _ANY -> bool, whether it is summarised."""
        return self.knows_any if node == _ANY else self.is_known[node]

    def note_recursion(self, components):
        """components: list of int, that call each other, or one that calls itself."""
        recursion = Recursion()
        for component in components:
            self.recursions[component] = recursion

    def summarise(self, nodes, calls):
        """nodes: list of int, components that call each other while all others that they call are
        summarised; perhaps _ANY.

        calls: Calls of the only one of them, or None.
        """
        members = [node for node in nodes if node != _ANY]
        if members:
            ranges = component_ranges(self.components, members)
            if not self._summarise_by_analysis(ranges, calls):
                self._summarise_as_everything(ranges)
        for node in nodes:
            if node == _ANY:
                self.knows_any = True
            else:
                self.is_known[node] = True

    def _summarise_by_analysis(self, ranges, calls):
        """-> bool, whether that has taken no more effort than it may."""
        if not can_be_analysed(self.components, ranges):
            return False
        if calls is None:
            calls = Calls(decode(self.components, ranges), self.summaries.function_numbers)
        try:
            analysis = Analysis(calls, self.summaries, effort_for(ranges.count))
        except TooMuchEffort:
            return False
        for entry in calls.module.entries:
            self.summaries.note(ranges.index_of(entry), analysis.summarise(entry))
        return True

    def _summarise_as_everything(self, ranges):
        for run in range(len(ranges.firsts)):
            for index in range(ranges.firsts[run], ranges.ends[run]):
                if self.components.entries[index]:
                    self.summaries.note(index, _everything)


class _Search(object):
    """One walk along the calls.  The dicts are by node, a component or _ANY.

    order: when a node was first seen. lowest: the earliest node seen that is reachable and still
    open. callees: where its calls lead. calls: its Calls, of small ones as long as they are open;
    kept: int, the instructions of these. calling_themselves: has those that do.
    """

    def __init__(self, survey):
        self.survey = survey
        self.order = {}
        self.lowest = {}
        self.callees = {}
        self.calls = {}
        self.kept = 0
        self.calling_themselves = {}
        self.effort = Effort()
        self.open_nodes = [0][:0]

    def look_from(self, component):
        path = [component]
        positions = [0]  # for each node of the path, which callee comes next
        self._see(component)
        while path:
            node = path[-1]
            position = positions[-1]
            if position < len(self.callees[node]):
                positions[-1] = position + 1
                callee = self.callees[node][position]
                if self.survey.has(callee):
                    continue
                if callee not in self.order:
                    self._see(callee)
                    path.append(callee)
                    positions.append(0)
                else:
                    # all that are not known are open
                    self.lowest[node] = min(self.lowest[node], self.order[callee])
            else:
                path.pop()
                positions.pop()
                if path:
                    self.lowest[path[-1]] = min(self.lowest[path[-1]], self.lowest[node])
                if self.lowest[node] == self.order[node]:
                    self._close(node)

    def _see(self, node):
        self.order[node] = self.lowest[node] = len(self.order)
        self.open_nodes.append(node)
        self.callees[node] = self._callees_of_any() if node == _ANY else self._callees_of(node)

    def _callees_of(self, component):
        """-> list of int, nodes."""
        components = self.survey.components
        callees = [0][:0]
        ranges = component_ranges(components, [component])
        if not can_be_analysed(components, ranges):
            return callees  # what it calls does not matter
        self.effort.spend(ranges.count)
        calls = Calls(decode(components, ranges), self.survey.summaries.function_numbers)
        seen = {}
        for callee in calls.callees:
            node = _ANY if callee == ANY_FUNCTION else self._component_of_function(callee)
            if node == component:
                self.calling_themselves[node] = True
            if node != component and node != _NONE and node not in seen:
                seen[node] = True
                callees.append(node)
        if self.kept + ranges.count <= _MOST_KEPT:
            self.kept += ranges.count
            self.calls[component] = calls
        return callees

    def _callees_of_any(self):
        components = [
            self._component_of_function(function)
            for function in self.survey.summaries.function_numbers.values()
        ]
        return [component for component in components if component != _NONE]

    def _component_of_function(self, function):
        """-> int, a component, _NONE unless it is a function that begins in the module."""
        components = self.survey.components
        if function < 0:
            return _NONE
        index = components.module.functions[function].target_index
        return (
            components.component_of(index)
            if index < components.module.instruction_count()
            else _NONE
        )

    def _close(self, root):
        nodes = [0][:0]
        while True:
            node = self.open_nodes.pop()
            nodes.append(node)
            del self.callees[node]
            if node == root:
                break
        only = self.calls.get(nodes[0], None) if len(nodes) == 1 else None
        # Whether a call by a computed name leads back is not known.
        if _ANY not in nodes and (len(nodes) > 1 or nodes[0] in self.calling_themselves):
            self.survey.note_recursion(nodes)
        for node in nodes:
            if node in self.calls:
                self.kept -= self.calls[node].module.instruction_count()
                del self.calls[node]
        self.survey.summarise(nodes, only)

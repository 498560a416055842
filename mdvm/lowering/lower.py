"""Module to Code: the instructions of a file become the ones that the interpreter executes, a
component at a time.
"""

from mdvm.analysis.analysis import Analysis
from mdvm.analysis.calls import Calls
from mdvm.analysis.components import Components
from mdvm.analysis.effort import TooMuchEffort
from mdvm.analysis.fragment import Ranges, component_ranges, decode
from mdvm.analysis.summaries import Summaries, number_functions
from mdvm.analysis.survey import Survey, can_be_analysed, effort_for
from mdvm.lowering.analysed import lower_analysed
from mdvm.lowering.code import Code, Function, FunctionMaker
from mdvm.lowering.plain import lower_plainly
from mdvm.system.jit import dont_look_inside

_OUTSIDE = -1  # in the place of a component: no instruction at all


def lower(module, options):
    """module: Module; options: LoweringOptions -> Code, of which nothing has been lowered yet."""
    return Lowerer(module).code_for(options)


class Lowerer(FunctionMaker):
    """Makes the functions of a module, for as many Codes as there are ways to lower it.

    function_numbers: as Code has it.  survey: Survey, None as long as nothing has been lowered.
    """

    def __init__(self, module):
        self.module = module
        self.function_numbers = number_functions(module)
        self.survey = None

    def code_for(self, options):
        """options: LoweringOptions -> Code."""
        return Code(self.module, options, self.function_numbers, self)

    @dont_look_inside
    def make_function(self, code, name, entry_index):
        body = self._body(code, entry_index)
        number_in_body = body.ranges.number_of(entry_index)
        recursion = self._recursion(entry_index)
        if recursion is not None:
            recursion.note_body(body.has_loops, body.reads_data)
        return Function(
            name,
            entry_index,
            body.origins[number_in_body],
            body.frame_size(number_in_body),
            body.inherited_registers(number_in_body),
            body,
            code,
            recursion,
        )

    def _recursion(self, index):
        """index: int, of an instruction in a component that has been lowered -> Recursion or
        None.
        """
        if index >= self.module.instruction_count():
            return None
        return self.survey.recursions[self.survey.components.component_of(index)]

    def _body(self, code, index):
        """-> Body, with the instruction of that index, or with none if the module has none
        there.
        """
        if self.survey is None:
            self.survey = Survey(
                Components(self.module), Summaries(self.module, self.function_numbers)
            )
        survey = self.survey
        component = _OUTSIDE
        if index < self.module.instruction_count():
            component = survey.components.component_of(index)
        body = code.bodies.get(component, None)
        if body is None:
            body = code.bodies[component] = self._lower(code, component)
        return body

    def _lower(self, code, component):
        components = self.survey.components
        if component == _OUTSIDE:
            ranges = Ranges([0][:0], [0][:0], self.module.instruction_count())
        else:
            ranges = component_ranges(components, [component])
            self.survey.look_from(component)
        if can_be_analysed(components, ranges):
            calls = Calls(decode(components, ranges), self.survey.summaries.function_numbers)
            try:
                return lower_analysed(
                    Analysis(calls, self.survey.summaries, effort_for(ranges.count)), code
                )
            except TooMuchEffort:
                pass
        return lower_plainly(components, ranges, code)

"""A correction of how the JIT's unrolling inlines the short preamble of a loop before it jumps
there.

RPython 0.2.1 needs it. PyPy has the same since 2025 and 2026 (d3e06383e65, 983edc22e58; its issue
5212).
"""

from rpython.jit.metainterp import compile
from rpython.jit.metainterp.history import Const
from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.shortpreamble import ExtendedShortPreambleBuilder
from rpython.jit.metainterp.optimizeopt.unroll import UnrollOptimizer
from rpython.jit.metainterp.resoperation import GuardResOp

from translation.replacing import replace


def inline_short_preambles_to_the_end():
    """Inlines until neither the short preamble nor the arguments of its jump grow any more.

    To force an argument can make the loop take one more value from before its label. RPython looked
    only for more operations in the short preamble, so label and jump ended with different numbers
    of
    arguments: the backend then aborted the process.
    Test: tests/fuzz/regressions/abort_rotating_lists.mdasm.
    """

    def inline_short_preamble(
        self, jump_args, args_no_virtuals, short, patchguardop, target_token, label_op
    ):
        inputs = short[0].getarglist()
        jump_arguments = short[-1].getarglist()
        builder = self.short_preamble_producer
        if builder is not None:
            assert isinstance(builder, ExtendedShortPreambleBuilder)
            if builder.target_token is target_token:
                # The short preamble of this very loop: what follows makes these three lists longer.
                builder.setup(jump_arguments, short, label_op.getarglist())
        assert len(inputs) == len(jump_args)
        mapping = {}
        for position in range(len(jump_args)):
            mapping[inputs[position]] = jump_args[position]
        done = 1
        while True:
            self._check_no_forwarding([inputs, short], False)
            while done < len(short) - 1:
                _inline_operation(self, short[done], mapping, patchguardop)
                done += 1
            count = -1
            while count != len(jump_arguments) and _all_inlined(mapping, jump_arguments):
                count = len(jump_arguments)
                for argument in args_no_virtuals + self._map_args(mapping, jump_arguments):
                    self.optimizer.force_box(self.get_box_replacement(argument))
            self.optimizer.flush()
            if done == len(short) - 1 and count == len(jump_arguments):
                break
            if done == len(short) - 1 and not _all_inlined(mapping, jump_arguments):
                raise InvalidLoop("an argument of the short preamble that nothing there computes")
        return [self.get_box_replacement(box) for box in self._map_args(mapping, jump_arguments)]

    def _inline_operation(self, operation, mapping, patchguardop):
        arguments = self._map_args(mapping, operation.getarglist())
        if operation.is_guard():
            inlined = operation.copy_and_change(
                operation.getopnum(), arguments, descr=compile.ResumeAtPositionDescr()
            )
            assert isinstance(inlined, GuardResOp)
            inlined.rd_resume_position = patchguardop.rd_resume_position
        else:
            inlined = operation.copy_and_change(operation.getopnum(), arguments)
        mapping[operation] = inlined
        self.optimizer.send_extra_operation(inlined)

    def _all_inlined(mapping, arguments):
        for argument in arguments:
            if not isinstance(argument, Const) and argument not in mapping:
                return False
        return True

    replace(UnrollOptimizer, "inline_short_preamble", inline_short_preamble)

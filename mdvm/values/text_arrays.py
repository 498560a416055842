"""Arrays of the parts of one text, as `split` makes them: where each begins and ends, and no string
for it until one is asked for.

Most such lists are gone through once, or joined again: then their strings die young, or are never
made. An array whose elements have been read as often as there are elements is gone through again,
so from then on it keeps the strings that it makes.
"""

from mdvm.system.jit import dont_look_inside
from mdvm.values import bulk
from mdvm.values.array_base import W_Array, W_ObjectArray, boxed
from mdvm.values.strings import W_Str, string_of
from mdvm.values.text_builder import slice_of

_NOT_MADE = W_Str("")


class W_TextArray(W_Array):
    """Parts of one text, in the order in which they stand there.

    source: str. offsets: list of int, at least stride * count + 1 if there are parts. Part n is
    source[offsets[stride * n] : offsets[stride * n + 1] - gap]. count: int > 0, how many. reads: int,
    how many elements have been read before they are kept. kept: list of W_Str, the parts or
    _NOT_MADE, or None.
    """

    _attrs_ = ["source", "offsets", "stride", "gap", "count", "reads", "kept"]
    _immutable_fields_ = ["source", "offsets", "stride", "gap", "count"]

    def __init__(self, text, offsets, stride, gap, count):
        W_Array.__init__(self)
        self.source = text
        self.offsets = offsets
        self.stride = stride
        self.gap = gap
        self.count = count
        self.reads = 0
        self.kept = None

    def length(self):
        return self.count

    def start(self, index):
        """-> int, the offset in the text where a part begins."""
        at = index * self.stride
        assert at >= 0
        return self.offsets[at]

    def end(self, index):
        """-> int, the offset behind the part."""
        at = index * self.stride + 1
        assert at >= 0
        return self.offsets[at] - self.gap

    def get(self, index):
        assert index >= 0
        kept = self.kept
        if kept is not None:
            w_part = kept[index]
            return w_part if w_part is not _NOT_MADE else self._keep(index)
        self.reads += 1
        if self.reads > self.count:
            return self._keep(index)
        return self._made(index)

    def _made(self, index):
        return string_of(slice_of(self.source, self.start(index), self.end(index)))

    @dont_look_inside
    def _keep(self, index):
        kept = self.kept
        if kept is None:
            kept = bulk.of_texts.filled(_NOT_MADE, self.count)
            self.kept = kept
        w_part = self._made(index)
        kept[index] = w_part
        return w_part

    def set(self, index, w_value):
        return boxed(self, index, w_value)

    def copy(self):
        return W_TextArray(self.source, self.offsets, self.stride, self.gap, self.count)

    @dont_look_inside
    def part(self, first, end):
        stride = self.stride
        size = stride * (end - first) + 2 - stride
        offsets = bulk.of_ints.part(self.offsets, stride * first, stride * first + size, size)
        return W_TextArray(self.source, offsets, stride, self.gap, end - first)

    @dont_look_inside
    def gathered(self, indices, size):
        items = bulk.of_values.filled(_NOT_MADE, size)
        for position in range(len(indices)):
            items[position] = self.get(indices[position])
        return W_ObjectArray(items)

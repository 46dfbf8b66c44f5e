"""The policy's rules as plain Python: values in, values out, no ORM.

A rule never writes a sentence. A rule returns or raises a code with parameters, and the
calling model turns them into a translated sentence for its user.
"""


class RuleError(ValueError):
    """A value that a rule refuses.

    :ivar code: the reason, as a stable machine name; the caller owns the sentence.
    :ivar params: values that the sentence may quote.
    """

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params

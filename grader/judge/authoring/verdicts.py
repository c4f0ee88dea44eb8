"""What can go wrong while a hidden test is asked, each with the sentence a student reads."""


class Verdictless(Exception):
    """Base of everything that ends a hidden test without a pass.

    ``hint`` is for the student, ``code`` is stable and groups equal mistakes in the report.
    """

    code = "error"

    def __init__(self, hint: str, code: str | None = None) -> None:
        super().__init__(hint)
        self.hint = hint
        self.code = code or self.code


class Wrong(Verdictless):
    """A value arrived and it is not the right one."""

    code = "wrong"


class StudentError(Verdictless):
    """The student's code raised an exception; ``kind`` is its type's name."""

    code = "exception"

    def __init__(self, hint: str, kind: str, code: str | None = None) -> None:
        super().__init__(hint, code)
        self.kind = kind


class NotWritten(StudentError):
    """The stub is still there."""

    code = "not_written"


class NotDefined(StudentError):
    """A name that the contract asks for does not exist when its test cell is reached."""

    code = "not_defined"


class TooSlow(Verdictless):
    """No answer before the test's deadline."""

    code = "timeout"


class Lost(Verdictless):
    """The process that was asked ended or answered with something that is not an answer."""

    code = "crash"

"""What can go wrong while a hidden test is asked, each with the sentence a student reads."""

from grader.checks.diagnosis.named import code_of


class Verdictless(Exception):
    """Base of everything that ends a hidden test without a pass.

    ``hint`` is for the student; ``code`` is stable, whatever the words, and groups equal mistakes in the report;
    ``mistake`` is what the report calls it, where the hint says more than that; ``picture`` is an ``error_map``.
    """

    code = "error"

    def __init__(self, hint: str, code: str | None = None, mistake: str = "", picture: str = "") -> None:
        super().__init__(hint)
        self.hint = hint
        self.code = code or self.code
        self.mistake = mistake
        self.picture = picture


class Wrong(Verdictless):
    """A value arrived and it is not the right one."""

    code = "wrong"


def named(what: str, text: str, number: int) -> Wrong:
    """``Wrong``, to raise: ``what`` is just what the mistake ``text`` gives, ``number`` among those that are known."""
    return Wrong(f"{what}: likely {text}", f"named:{code_of(text, number)}", str(text))


class StudentError(Verdictless):
    """The student's code raised an exception; ``kind`` is its type's name."""

    code = "exception"

    def __init__(self, hint: str, kind: str, code: str | None = None, mistake: str = "") -> None:
        super().__init__(hint, code, mistake)
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

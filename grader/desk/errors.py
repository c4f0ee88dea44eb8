"""What a command says when it cannot go on."""


class DeskError(Exception):
    """Something a person must mend: `what` is wrong, in one sentence that names it, and a `remedy`.

    The command line prints both without a traceback and ends with `exit_code`: 1 when the command did its work and
    found something wrong, 3 when it could not start.
    """

    def __init__(self, what: str, remedy: str = "", exit_code: int = 3):
        super().__init__(what if not remedy else f"{what}\n{remedy}")
        self.what, self.remedy, self.exit_code = what, remedy, exit_code

"""What one submission may use."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Limits of one sandbox, as in the table ``[limits]`` of course.toml.

    Seconds are wall-clock time; ``mb`` and ``kb`` are 2**20 and 2**10 bytes. ``memory_mb`` holds for all processes of
    the sandbox together and for each alone, ``tmp_mb`` for all files it writes, ``file_mb`` for each of them,
    ``output_kb`` for what is kept of one cell's output; a thread counts as a process, and a kernel has about ten.
    Raises ``ValueError`` for a limit that is not positive.
    """

    cell_seconds: float = 60
    submission_seconds: float = 300
    question_seconds: float = 10
    memory_mb: int = 2048
    processes: int = 64
    open_files: int = 256
    file_mb: int = 64
    tmp_mb: int = 256
    output_kb: int = 256

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise ValueError(f"limit {field.name}: a positive number was expected, found {value!r}")

    @property
    def memory_bytes(self) -> int:
        return int(self.memory_mb * 2**20)

    @property
    def tmp_bytes(self) -> int:
        return int(self.tmp_mb * 2**20)

    @property
    def output_bytes(self) -> int:
        return int(self.output_kb * 2**10)

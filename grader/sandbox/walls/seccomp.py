"""A filter of system calls, as the BPF program that ``bwrap --seccomp`` loads.

Namespaces and dropped capabilities already make these calls harmless; refusing them keeps student code away from the
parts of the kernel where most holes have been found. Everything else is allowed. Refused calls fail with EPERM, so
a program goes on (``clone3`` with ENOSYS, so that the C library falls back to ``clone``, whose flags can be read here).

The program is assembled by hand: sixty lines and no dependency on a system library. Format: linux/filter.h,
linux/seccomp.h; numbers: asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64).
"""

import errno
import platform
import struct

# name: (number on x86_64, number on aarch64); None where the architecture has no such call.
REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "quotactl": (179, 60),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # Memory that no process has mapped is counted by nobody unless there are control groups.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "vhangup": (153, 58),
    "uselib": (134, None),
    "personality": (135, 92),
}
CLONE = (56, 220)
CLONE3 = (435, 435)
SOCKET = (41, 198)
IOCTL = (16, 29)

NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID, -NET
ALLOWED_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: all end in the sandbox's own, empty network namespace
NETLINK = 16  # only its first protocol, with which programs list their network interfaces
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # typing into a terminal for somebody else

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
MACHINES = tuple(_ARCHITECTURES)
_X32 = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16


def supported(machine: str | None = None) -> bool:
    """Whether the filter knows this machine's system calls."""
    return (machine or platform.machine()) in _ARCHITECTURES


def program(machine: str | None = None) -> bytes:
    """The filter for ``machine`` (``platform.machine()`` by default) as bytes. Raises ``KeyError`` if unsupported."""
    audit, column = _ARCHITECTURES[machine or platform.machine()]
    code = [_jump_unless(_ARCH, _EQUAL, audit, [_returns(_KILL)])]
    if column == 0:
        code.append(_jump_if(_NUMBER, _AT_LEAST, _X32, [_returns(_ERRNO | errno.ENOSYS)]))
    code.append(_call(CLONE3[column], [_returns(_ERRNO | errno.ENOSYS)]))
    code.append(_call(CLONE[column], [_jump_if(_argument(0), _ANY_BIT, NEW_NAMESPACES, [_refuse()])]))
    families = [_jump_if(_argument(0), _EQUAL, family, [_returns(_ALLOW)]) for family in ALLOWED_FAMILIES]
    routes = _jump_if(_argument(2), _EQUAL, 0, [_returns(_ALLOW)])
    families.append(_jump_if(_argument(0), _EQUAL, NETLINK, [routes]))
    code.append(_call(SOCKET[column], [*families, _returns(_ERRNO | errno.EAFNOSUPPORT)]))
    terminals = [_jump_if(_argument(1), _EQUAL, request, [_refuse()]) for request in (TIOCSTI, TIOCLINUX)]
    code.append(_call(IOCTL[column], terminals))
    for numbers in REFUSED.values():
        number = numbers[column]
        if number is not None:
            code.append(_call(number, [_refuse()]))
    return b"".join([*code, _returns(_ALLOW)])


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _returns(value: int) -> bytes:
    return _instruction(_RETURN, value)


def _refuse() -> bytes:
    return _returns(_ERRNO | errno.EPERM)


def _argument(index: int) -> int:
    return _ARGUMENTS + 8 * index  # the low half; every argument read here is a 32-bit one


def _call(number: int, then: list[bytes]) -> bytes:
    return _jump_if(_NUMBER, _EQUAL, number, then)


def _jump_if(field: int, test: int, value: int, then: list[bytes]) -> bytes:
    """Run ``then`` if the test holds, else go on behind it."""
    body = b"".join(then)
    return _instruction(_LOAD, field) + _instruction(test, value, 0, len(body) // 8) + body


def _jump_unless(field: int, test: int, value: int, then: list[bytes]) -> bytes:
    body = b"".join(then)
    return _instruction(_LOAD, field) + _instruction(test, value, len(body) // 8, 0) + body

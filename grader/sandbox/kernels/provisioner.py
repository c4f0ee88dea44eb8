"""Kernels of ``open_kernel`` for everything that starts kernels through Jupyter: stock nbgrader, nbconvert, nbclient.

Entry point ``grader-sandbox`` of the group ``jupyter_client.kernel_provisioners``. Choose it with the environment
variable ``JUPYTER_DEFAULT_PROVISIONER_NAME=grader-sandbox``, the setting
``c.KernelProvisionerFactory.default_provisioner_name``, or in a kernel's ``kernel.json``.
"""

import asyncio
import signal
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Instance, List, Unicode

from grader.sandbox.kernels.open import open_kernel
from grader.sandbox.kernels.sandboxed_kernel import SandboxedKernel
from grader.sandbox.walls.limits import Limits


class SandboxProvisioner(KernelProvisionerBase):
    """Starts an IPython kernel behind bubblewrap, whatever command the kernel specification names.

    Raises ``SandboxUnavailable`` when code cannot be isolated on this machine. There is no fallback.
    """

    limits = Instance(Limits, args=(), help="What the kernel may use.")
    isolation = Unicode("bubblewrap", config=True, help="'bubblewrap', or 'trusted' for code that is trusted.")

    packages = List(Unicode(), config=True, help="Folders of modules that can be imported.")

    kernel: SandboxedKernel | None = None

    @property
    def has_process(self) -> bool:
        return self.kernel is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        manager: Any = self.parent
        # The kernel is another user in another pid namespace: a signal from here would not reach it.
        self.kernel_spec.interrupt_mode = "message"
        self.kernel = kernel = open_kernel(
            self.limits,
            isolation=self.isolation,
            handed_in=kwargs.pop("cwd", None),
            key=manager.session.key.decode(),
            packages=self.packages,
        )
        manager.transport, manager.ip = "ipc", kernel.address
        for number, channel in enumerate(kernel.sockets, start=1):
            setattr(manager, f"{channel}_port", number)
        kwargs.pop("extra_arguments", None)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        assert self.kernel is not None  # pre_launch comes first
        self.kernel.watch(self.limits.submission_seconds)
        manager: Any = self.parent
        self.connection_info = manager.get_connection_info()
        return self.connection_info

    async def poll(self) -> int | None:
        return self.kernel.poll() if self.kernel else 0

    async def wait(self) -> int | None:
        while self.kernel and self.kernel.poll() is None:
            await asyncio.sleep(0.02)
        code = self.kernel.poll() if self.kernel else 0
        self._close()
        return code

    async def send_signal(self, signum: int) -> None:
        if self.kernel and signum in (signal.SIGTERM, signal.SIGKILL):
            self.kernel.kill("closed")

    async def kill(self, restart: bool = False) -> None:
        if self.kernel:
            self.kernel.kill("closed")

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        self._close()

    def _close(self) -> None:
        if self.kernel:
            self.kernel.close()
            self.kernel = None

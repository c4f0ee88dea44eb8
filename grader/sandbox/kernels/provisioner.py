"""Kernels of ``open_room`` for everything that starts kernels through Jupyter: stock nbgrader, nbconvert, nbclient.

Entry point ``grader-sandbox`` of the group ``jupyter_client.kernel_provisioners``. Choose it with the environment
variable ``JUPYTER_DEFAULT_PROVISIONER_NAME=grader-sandbox``, the setting
``c.KernelProvisionerFactory.default_provisioner_name``, or in a kernel's ``kernel.json``.
"""

import asyncio
import signal

from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Instance, List, Unicode

from grader.sandbox.kernels.sandboxed_kernel import open_room
from grader.sandbox.walls.limits import Limits


class SandboxProvisioner(KernelProvisionerBase):
    """Starts an IPython kernel behind bubblewrap, whatever command the kernel specification names.

    Raises ``SandboxUnavailable`` when code cannot be isolated on this machine. There is no fallback.
    """

    limits = Instance(Limits, args=(), help="What the kernel may use.")
    isolation = Unicode("bubblewrap", config=True, help="'bubblewrap', or 'trusted' for code that is trusted.")

    packages = List(Unicode(), config=True, help="Folders of modules that can be imported.")

    room = None

    @property
    def has_process(self):
        return self.room is not None

    async def pre_launch(self, **kwargs):
        manager = self.parent
        # The kernel is another user in another pid namespace: a signal from here would not reach it.
        self.kernel_spec.interrupt_mode = "message"
        self.room = open_room(
            self.limits,
            isolation=self.isolation,
            handed_in=kwargs.pop("cwd", None),
            key=manager.session.key.decode(),
            packages=self.packages,
        )
        manager.transport, manager.ip = "ipc", self.room.address
        for number, channel in enumerate(self.room.sockets, start=1):
            setattr(manager, f"{channel}_port", number)
        kwargs.pop("extra_arguments", None)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd, **kwargs):
        self.room.watch(self.limits.submission_seconds)
        self.connection_info = self.parent.get_connection_info()
        return self.connection_info

    async def poll(self):
        return self.room.poll() if self.room else 0

    async def wait(self):
        while self.room and self.room.poll() is None:
            await asyncio.sleep(0.02)
        code = self.room.poll() if self.room else 0
        self._close()
        return code

    async def send_signal(self, signum):
        if self.room and signum in (signal.SIGTERM, signal.SIGKILL):
            self.room.kill("closed")

    async def kill(self, restart=False):
        if self.room:
            self.room.kill("closed")

    async def terminate(self, restart=False):
        await self.kill(restart)

    async def cleanup(self, restart=False):
        self._close()

    def _close(self):
        if self.room:
            self.room.close()
            self.room = None

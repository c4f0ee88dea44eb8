"""Jupyter's own programs start their kernels in the sandbox when told so."""

import os
from importlib.metadata import entry_points

import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

from grader.sandbox.kernels import forked_kernel
from tests.sandbox.tools import notebook


@pytest.fixture
def chosen():
    """The setting an instructor makes in a configuration file."""
    factory = KernelProvisionerFactory.instance()
    before, factory.default_provisioner_name = factory.default_provisioner_name, "grader-sandbox"
    yield
    factory.default_provisioner_name = before


def test_the_entry_point_is_registered():
    """Installing the project makes the name known to Jupyter."""
    found = entry_points(group=KernelProvisionerFactory.GROUP_NAME, name="grader-sandbox")
    assert [entry.load().__name__ for entry in found] == ["SandboxProvisioner"]


@pytest.mark.filterwarnings("default")  # nbclient's own, about event loops
def test_nbclient_runs_a_notebook_in_the_sandbox(chosen, own_accounts, tmp_path):
    """Files beside the notebook are copied, the machine is hidden, a timeout interrupts, and nothing is left."""
    (tmp_path / "data.csv").write_text("1,2")
    nb = notebook(
        "import os; print(os.getuid(), os.listdir('.'), os.path.exists('/etc/shadow'))", "while True: x = 1", "40 + 2"
    )
    NotebookClient(
        nb,
        timeout=2,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    assert nb.cells[0].outputs[0].text == "1000 ['data.csv'] False\n"
    assert nb.cells[1].outputs[0].ename == "KeyboardInterrupt"
    assert nb.cells[2].outputs[0].data["text/plain"] == "42"
    forked_kernel.close_all()
    left = {folder.name: os.listdir(folder) for folder in own_accounts.iterdir() if folder.is_dir()}
    assert left and not any(left.values())

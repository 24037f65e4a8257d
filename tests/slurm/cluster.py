"""A throw-away Slurm on this machine: a controller and two nodes with one GPU each, which are names for /dev/null.

    python tests/slurm/cluster.py up      installs Slurm from Debian's packages where it is missing
    python tests/slurm/cluster.py down

Both can be given again at any time. Needs root; an /etc/slurm/slurm.conf of somebody else is never touched. There is no
accounting database: the controller remembers finished jobs for an hour.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path("/var/lib/aestudy-slurm")
CONFIGURATION = Path("/etc/slurm")  # the default place: job steps lose SLURM_CONF
MARK = "# written by tests/slurm/cluster.py\n"
NODES = ("node1", "node2")
PACKAGES = ("slurm-wlm", "munge")
PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "srun", "scontrol")

SLURM_CONF = """\
ClusterName=aestudy
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool.%n
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.%n.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ReturnToService=2
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=1,sched_interval=5,bf_interval=5
GresTypes=gpu
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
# Memory is looked at every two seconds, and what takes more than it asked for is killed.
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
# `squeue --states=all` shows a finished job for so many seconds.
MinJobAge=3600
SlurmctldTimeout=30
SlurmdTimeout=20
KillWait=3
PartitionName=cpu Nodes={nodes} Default=YES MaxTime=INFINITE State=UP
PartitionName=gpu Nodes={nodes} MaxTime=INFINITE State=UP
"""
NODE = "NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=4 RealMemory=16000 Gres=gpu:fake:1\n"


class ClusterError(Exception):
    """The cluster cannot be had here; the message says why and what to do."""


def up() -> None:
    """Bring the cluster up with an empty queue; daemons that run already are left alone. Raises ClusterError."""
    if os.geteuid() != 0:
        raise ClusterError("Slurm cannot be started here: it needs root. Run `make test-slurm` as root in a container.")
    conf = CONFIGURATION / "slurm.conf"
    if conf.exists() and not conf.read_text().startswith(MARK):
        raise ClusterError(f"{conf} belongs to another cluster: it is left alone. Run this on a machine without Slurm.")
    install()
    if responds() and idle():
        empty_queue()  # of a test that was killed
        return
    down()
    configure()
    start_munge()
    start_controller()
    for node in NODES:
        start_node(node)
    wait("the nodes to become idle", idle, 60)


def install() -> None:
    """Install Slurm from the distribution's packages where it is missing."""
    if all(map(shutil.which, PROGRAMS)):
        return
    if not shutil.which("apt-get"):
        raise ClusterError(f"Slurm is not installed, and there is no apt-get. Install {' and '.join(PACKAGES)}.")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    options = ["-q", "-o", "DPkg::Lock::Timeout=300"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", *options, *command], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise ClusterError(f"Slurm cannot be installed: apt-get {command[0]} failed:\n{done.stderr[-1_000:]}")


def configure() -> None:
    """Write slurm.conf and gres.conf, and make the devices that stand for GPUs."""
    (ROOT / "state").mkdir(parents=True)
    CONFIGURATION.mkdir(exist_ok=True)
    host = socket.gethostname().split(".")[0]
    nodes = "".join(NODE.format(node=node, host=host, port=17001 + i) for i, node in enumerate(NODES))
    text = SLURM_CONF.format(root=ROOT, host=host, nodes=",".join(NODES))
    head, partitions = text[: text.index("PartitionName")], text[text.index("PartitionName") :]
    (CONFIGURATION / "slurm.conf").write_text(MARK + head + nodes + partitions)
    for i in range(len(NODES)):
        os.mknod(ROOT / f"gpu{i}", 0o20666, os.makedev(1, 3))  # a second /dev/null
    lines = [f"NodeName={node} Name=gpu Type=fake File={ROOT}/gpu{i}\n" for i, node in enumerate(NODES)]
    (CONFIGURATION / "gres.conf").write_text(MARK + "".join(lines))


def start_munge() -> None:
    """Start the authentication service, unless one runs already."""
    if munge_works():
        return
    for folder, mode in (
        ("/etc/munge", 0o700),
        ("/var/log/munge", 0o700),
        ("/var/lib/munge", 0o700),
        ("/run/munge", 0o755),
    ):
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder).chmod(mode)
        shutil.chown(folder, "munge", "munge")
    key = Path("/etc/munge/munge.key")
    if not key.exists():
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        shutil.chown(key, "munge", "munge")
    subprocess.run(["runuser", "-u", "munge", "--", "munged", "--force"], check=True)
    (ROOT / "munged.ours").touch()
    wait("munge to answer", munge_works, 10)


def start_controller() -> None:
    """Start slurmctld with the state that it left, if any."""
    subprocess.run(["slurmctld"], check=True)
    wait("the controller to answer", responds, 30)


def start_node(node: str) -> None:
    """Start the daemon of a node."""
    subprocess.run(["slurmd", "-N", node], check=True)


def stop(daemon: str, hard: bool = False) -> None:
    """Stop `slurmctld` or `slurmd.<node>`; hard: by SIGKILL, as when a machine loses its power."""
    pid = pid_of(daemon)
    if pid is None:
        return
    os.kill(pid, signal.SIGKILL if hard else signal.SIGTERM)
    for _ in range(100):
        if pid_of(daemon) is None:
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)  # a slurmd that cannot reach its controller ignores SIGTERM


def down() -> None:
    """Cancel what runs, stop the daemons and remove every file of the cluster; packages stay."""
    conf = CONFIGURATION / "slurm.conf"
    if not (conf.exists() and conf.read_text().startswith(MARK)):
        return
    if responds():
        empty_queue()
    for node in NODES:
        stop(f"slurmd.{node}")
    stop("slurmctld")
    if (ROOT / "munged.ours").exists():
        subprocess.run(["munged", "--stop"], check=False, capture_output=True)
    for name in ("slurm.conf", "gres.conf"):
        (CONFIGURATION / name).unlink(missing_ok=True)
    shutil.rmtree(ROOT, ignore_errors=True)


def empty_queue() -> None:
    """Cancel all jobs and wait a while for their ends."""
    slurm("scancel", "--state=PENDING")
    slurm("scancel", "--state=RUNNING")
    for _ in range(100):
        if not slurm("squeue", "--noheader"):
            return
        time.sleep(0.1)


def pid_of(daemon: str) -> int | None:
    """Process id of a running daemon of this cluster, None where it does not run."""
    try:
        pid = int((ROOT / f"{daemon}.pid").read_text())
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, ValueError):
        return None
    return pid if daemon.startswith(name) and state != "Z" else None


def slurm(*command: str) -> str:
    """Output of a Slurm command, empty where it failed or took more than ten seconds."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def munge_works() -> bool:
    return bool(slurm("munge", "--no-input"))


def responds() -> bool:
    """Whether the controller answers."""
    return "is UP" in slurm("scontrol", "ping")


def idle() -> bool:
    """Whether all nodes take jobs."""
    states = slurm("sinfo", "--noheader", "--Node", "--partition=cpu", "--format=%T").split()
    return len(states) == len(NODES) and set(states) <= {"idle", "mixed", "allocated"}


def jobs() -> list[dict[str, str]]:
    """The scheduler's record of every job, finished ones too, as `scontrol show job` has it."""
    lines = slurm("scontrol", "--oneliner", "--details", "show", "job").splitlines()
    records = [dict(field.partition("=")[::2] for field in line.split() if "=" in field) for line in lines]
    return [record for record in records if "JobId" in record]  # "No jobs in the system" is none


def wait(what: str, condition, seconds: float) -> None:
    """Wait until a condition holds; raises ClusterError with the ends of the daemons' logs where it does not."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            logs = "\n".join(f"{log}:\n{log.read_text()[-1_000:]}" for log in sorted(ROOT.glob("*.log")))
            raise ClusterError(f"Waited {seconds:g} s for {what}, in vain.\n{logs}")
        time.sleep(0.2)


if __name__ == "__main__":
    try:
        {"up": up, "down": down}[sys.argv[1]]()
    except ClusterError as error:
        sys.exit(str(error))

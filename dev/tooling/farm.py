"""What `make servers` runs: two databases, two Odoo servers, nginx and a postbox.

All of it is kept in folders of this checkout and ends with the command.
"""

import getpass
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from time import monotonic, sleep

from . import databases, odoo, postgres, process
from .console import Problem
from .settings import CHECKOUT

PARTS = CHECKOUT / "dev" / "servers"
NAMES = ("a", "b")
SLOT = "replica"
PATIENCE = 120
# What the old server says when the new one is there, or has had its sixty seconds. It
# then still waits for the scheduled action at which it is.
RELOADED = re.compile("New server has started|Server reload timed out")


@dataclass
class Farm:
    """The processes of one run."""

    runner: odoo.Odoo
    database: str
    processes: dict = field(default_factory=dict)

    def __post_init__(self):
        settings = self.runner.settings
        self.folder = settings.workspace / "servers"
        base = postgres.cluster_folder(settings) / f"servers-{settings.checkout_id}"
        text = (PARTS / "primary.conf").read_text()
        self.primary, self.replica = (
            postgres.Cluster.at(base / name, f"{settings.checkout_id}-{name}", text)
            for name in ("primary", "replica")
        )
        keys = ["nginx", "mail"]
        keys += [f"{kind}_{name}" for kind in ("http", "gevent") for name in NAMES]
        self.ports = dict(zip(keys, _free_ports(len(keys)), strict=True))

    @property
    def address(self):
        """Where people come in."""
        return self.ports["nginx"]

    @property
    def mail(self):
        return self.folder / "mail"

    def log(self, name):
        return self.folder / f"odoo-{name}.log"

    def remove(self):
        """End what runs, also what an earlier run left, and remove the folders."""
        for name in list(self.processes):
            self.stop(name)
        for cluster in (self.replica, self.primary):
            if cluster.is_running():
                cluster.control("-m", "immediate", "stop")
            shutil.rmtree(cluster.folder, ignore_errors=True)

    # -- databases ---------------------------------------------------------------------

    def make_primary(self, source):
        """Make the primary, and copy a database of the development server into it."""
        self.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.primary.make_folders()
        self.primary.make()
        self.primary.start()
        server = self.primary.server()
        server.query(f'CREATE DATABASE "{self.database}" TEMPLATE template0')
        self._copy_database(source, server)
        files = databases.filestore(self.runner.settings, source)
        if files.exists():
            target = self.folder / "data" / "filestore" / self.database
            shutil.copytree(files, target, copy_function=os.link)

    def _copy_database(self, source, server):
        dump = self.folder / "dump"
        process.run(
            [postgres.program("pg_dump"), "-Fc", "-Z0", "-f", dump, source],
            env=self.runner.server.environment,
        )
        process.run(
            [postgres.program("pg_restore"), "--no-owner", "-d", self.database, dump],
            env=server.environment,
        )
        dump.unlink()

    def fill(self, *arguments):
        """Fill the primary; return what the script prints of it."""
        options = ["-c", self._write_odoo("fill", replica=False), "-d", self.database]
        log = self.folder / "fill.log"
        command = [self.runner.python, PARTS / "fill.py", *arguments, *options]
        output = process.run(
            [*command, f"--logfile={log}"],
            hint=f"see {log}",
            env=self._environment(),
        )
        return json.loads(output.splitlines()[-1])

    def make_replica(self):
        """Copy the primary while it runs, and let the copy follow it from a slot."""
        self.replica.make_folders()
        self.primary.run(
            "pg_basebackup",
            *("-h", self.primary.sockets, "-U", postgres.ROLE, "-D", self.replica.data),
            *("--write-recovery-conf", "--create-slot", f"--slot={SLOT}"),
            *("--wal-method=stream", "--checkpoint=fast"),
        )
        self.replica.configure(f"unix_socket_directories = '{self.replica.sockets}'\n")
        self.replica.start()

    def delay_replica(self, seconds):
        """Let the replica apply each commit only after some seconds; 0 is at once."""
        self.replica.configure(f"recovery_min_apply_delay = '{seconds}s'\n")
        self.replica.control("reload")

    def wait_for_replica(self):
        """Wait until the replica has applied what the primary has written."""
        ((written,),) = self.primary.server().query("SELECT pg_current_wal_lsn()")
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            with suppress(Problem):
                sql = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
                if self.replica.server().query(sql) == [["t"]]:
                    return
            sleep(0.2)
        raise Problem("the replica did not catch up")

    def kill_replica(self):
        """Kill the replica's first process; its others end by themselves."""
        file = self.replica.data / "postmaster.pid"
        os.kill(int(file.read_text().split()[0]), signal.SIGKILL)

    def revive_replica(self):
        """Start the replica again; its last processes may still be about to end."""
        deadline = monotonic() + PATIENCE
        while True:
            try:
                return self.replica.start()
            except Problem:
                if monotonic() > deadline:
                    raise
                sleep(0.5)

    # -- servers -----------------------------------------------------------------------

    def start_odoo(self, name, replica=True):
        """Start one of the servers, and wait until it answers."""
        command = [self.runner.python, PARTS / "run_odoo.py"]
        self._start(name, [*command, "-c", self._write_odoo(name, replica)])
        self.wait_for_odoo(name)

    def wait_for_odoo(self, name):
        address = f"http://{odoo.INTERFACE}:{self.ports[f'http_{name}']}/web/health"
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            if self.processes[name].poll() is not None:
                raise Problem(f"server {name} ended, its log is {self.log(name)}")
            with suppress(OSError):
                urllib.request.urlopen(address, timeout=PATIENCE).close()
                return
            sleep(0.2)
        raise Problem(f"server {name} did not answer, its log is {self.log(name)}")

    def reload_odoo(self, name):
        """Let a server begin anew, without refusing anybody meanwhile."""
        count = self._count_reloads(name)
        self.processes[name].send_signal(signal.SIGHUP)
        deadline = monotonic() + PATIENCE
        while self._count_reloads(name) == count:
            if monotonic() > deadline:
                raise Problem(f"server {name} did not reload: {self.log(name)}")
            sleep(0.2)

    def _count_reloads(self, name):
        return len(RELOADED.findall(self.log(name).read_text(errors="replace")))

    def start_front(self):
        """Start the postbox and nginx."""
        box = Path(odoo.INSIDE, "postbox.py")
        self._start("mail", [self.runner.python, box, self.mail, self.ports["mail"]])
        text = (PARTS / "nginx.conf").read_text()
        folder = self.folder / "nginx"
        folder.mkdir()
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        values = {**self.ports, "port": self.address, "folder": folder, "user": user}
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        (folder / "nginx.conf").write_text(text)
        options = ["-e", folder / "error.log", "-c", folder / "nginx.conf"]
        self._start("nginx", [nginx(), "-p", folder, *options])
        deadline = monotonic() + PATIENCE
        while not _answers(self.address):
            if self.processes["nginx"].poll() is not None or monotonic() > deadline:
                raise Problem(f"nginx did not start: {folder / 'error.log'}")
            sleep(0.1)

    def kill(self, name):
        """Kill all processes of a server at once, as a power cut would."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def stop(self, name):
        """Ask a process to end, and wait for it."""
        ended = self.processes.pop(name)
        ended.terminate()
        with suppress(subprocess.TimeoutExpired):
            ended.wait(timeout=30)
        with suppress(ProcessLookupError):  # nothing of it stays
            os.killpg(ended.pid, signal.SIGKILL)
        ended.wait()

    def _start(self, name, command):
        """Start a process in a group of its own, in Odoo's environment."""
        with open(self.folder / f"{name}.out", "a") as output:
            self.processes[name] = subprocess.Popen(
                [str(word) for word in command],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _environment(self):
        """Return the environment of Odoo, without an address of a database server.

        A replica that cannot be reached at all is given up after three seconds.
        """
        environment = replace(self.runner, server=self.primary.server()).environment
        for name in ("PGHOST", "PGPORT", "PGUSER"):
            environment.pop(name, None)
        return {**environment, "PGCONNECT_TIMEOUT": "3"}

    def _write_odoo(self, name, replica):
        """Write the configuration of a server and return its file."""
        settings = self.runner.settings
        addons = [*self.runner.source.addons, settings.addons]
        lines = (PARTS / "replica.conf").read_text() if replica else ""
        text = (PARTS / "odoo.conf").read_text()
        file = self.folder / f"odoo-{name}.conf"
        file.write_text(
            text.format(
                name=name,
                addons_path=",".join(map(str, addons)),
                data_dir=self.folder / "data",
                http_port=self.ports.get(f"http_{name}", 0),
                gevent_port=self.ports.get(f"gevent_{name}", 0),
                smtp_port=self.ports["mail"],
                database=self.database,
                db_user=postgres.ROLE,
                primary=self.primary.sockets,
                replica=lines.format(host=self.replica.sockets),
                log=self.log(name),
            )
        )
        return file


def nginx():
    """Return nginx, which Debian keeps where only root looks for programs."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")


def _answers(port):
    with socket.socket() as probe:
        return probe.connect_ex((odoo.INTERFACE, port)) == 0


def _free_ports(count):
    """Return free ports, all different.

    They are below those that the system gives to outgoing connections: one of these
    could have the port of a server that is just being started again.
    """
    free = (port for port in range(8100, 32000) if not _answers(port))
    return list(islice(free, count))

"""The database server: the one in the PG* variables, or private clusters."""

import os
import pwd
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

from . import process, system
from .console import Problem, note, step

ROLE = "beneficiary_relations"
# Odoo refuses the role `postgres`, but the database of that name always exists.
MAINTENANCE = "postgres"
OLDEST = 130000
EXTENSIONS = ("pg_trgm", "unaccent")
SOCKET_NAME = "/.s.PGSQL.5432"
LONGEST_SOCKET = 107
# Counts the connections of others.
CLIENTS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# A development cluster may lose its data: speed is worth more than safety.
CONFIGURATION = """
listen_addresses = ''
port = 5432
shared_buffers = 256MB
maintenance_work_mem = 128MB
max_connections = 120
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 30min
"""


@dataclass(frozen=True)
class Server:
    """A running server, as the environment that libpq's programs need."""

    psql: str
    environment: dict = field(repr=False)

    def query(self, sql, database=MAINTENANCE):
        """Run SQL and return its rows as lists of strings."""
        command = [self.psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\x1f"]
        output = process.run(
            [*command, "-d", database, "-c", sql],
            hint="the server is chosen with PGHOST, PGPORT, PGUSER, PGPASSWORD",
            env=self.environment,
        )
        return [line.split("\x1f") for line in output.splitlines()]

    def names(self, prefix):
        """Return the databases whose names start with `prefix`."""
        sql = f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')"
        return [name for (name,) in self.query(f"{sql} ORDER BY 1")]

    def remark(self, name):
        """Return the note of `set_remark` on a database; nothing if there is none."""
        rows = self.query(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{name}'"
        )
        return rows[0][0] if rows else ""

    def set_remark(self, name, text):
        """Store a note on a database; dropping the database deletes the note."""
        self.query(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")

    def drop(self, name):
        self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def copy(self, source, name):
        self.query(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')

    def is_idle(self):
        """Tell whether nobody else is connected; wait a moment for others to leave."""
        for _attempt in range(5):
            if self.query(CLIENTS) == [["0"]]:
                return True
            sleep(0.2)
        return False


def is_external():
    """Tell whether the environment names a server."""
    return "PGHOST" in os.environ


def is_installed():
    """Tell whether this machine has the programs that the chosen server needs."""
    return bool(program("psql") and (is_external() or program("initdb")))


def ensure(settings):
    """Return a running server that meets Odoo's needs."""
    if is_external():
        note(f"database server: {os.environ['PGHOST']}, named by PGHOST")
        server = Server(program("psql"), _environment())
    else:
        with settings.lock("postgres"):
            server = _ensure_cluster(Cluster.of(settings))
    _check(server)
    return server


def stop(settings):
    """Stop the private cluster, if it is running."""
    cluster = Cluster.of(settings)
    if cluster.is_running():
        step("Stop the database server")
        cluster.control("-m", "fast", "stop")


def stop_if_idle(settings):
    """Stop the private cluster unless another checkout is using it."""
    cluster = Cluster.of(settings)
    with settings.lock("postgres"):
        if cluster.is_running() and cluster.server().is_idle():
            stop(settings)


def cluster_folder(settings):
    """Return the folder of the private cluster.

    PostgreSQL does not run as root, and its user may not enter root's home. For root
    the cluster is therefore kept below /var/lib.
    """
    if system.is_root():
        return Path("/var/lib", ROLE, settings.home_id)
    return settings.home / "postgres"


@dataclass(frozen=True)
class Cluster:
    """A private cluster: its folder, and the user that runs its programs."""

    folder: Path
    sockets: Path
    configuration: str = CONFIGURATION

    @classmethod
    def of(cls, settings):
        return cls.at(cluster_folder(settings), settings.home_id)

    @classmethod
    def at(cls, folder, key, configuration=CONFIGURATION):
        """Return the cluster of a folder.

        :param key: the name of its sockets' folder, if the usual one is too long
        :param configuration: its part of `postgresql.conf`
        """
        sockets = folder / "socket"
        if len(f"{sockets}{SOCKET_NAME}") > LONGEST_SOCKET:
            sockets = Path("/tmp", f"{ROLE}-{key}")
        return cls(folder, sockets, configuration)

    @property
    def data(self):
        return self.folder / "data"

    @property
    def log(self):
        return self.folder / "server.log"

    def make_folders(self):
        """Create the folders, which belong to the user that runs the programs."""
        for folder in (self.folder, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if system.is_root():
                shutil.chown(folder, *_owner())
            elif folder.stat().st_uid != os.getuid():
                raise Problem(f"{folder} belongs to somebody else")

    def make(self):
        """Create the cluster; remove the rest of a failed attempt first."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.run(
            "initdb",
            *("-D", self.data, "-U", ROLE, "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        )
        self.configure(
            f"{self.configuration}unix_socket_directories = '{self.sockets}'\n"
        )
        (self.data / "complete").touch()

    def configure(self, lines):
        """Add lines to the configuration; a later line wins."""
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(lines)

    def is_made(self):
        return (self.data / "complete").exists()

    def is_running(self):
        if not self.is_made():
            return False
        command = [program("pg_ctl"), "-D", self.data, "status"]
        return process.succeeds(command, cwd="/", **_as_owner())

    def start(self):
        self.control("-l", self.log, "-w", "start")

    def server(self):
        """Return the server of the cluster, for connections to it."""
        address = {"PGHOST": str(self.sockets), "PGPORT": "5432", "PGUSER": ROLE}
        return Server(program("psql"), _environment(**address))

    def control(self, *arguments):
        self.run("pg_ctl", "-D", self.data, *arguments)

    def run(self, name, *arguments):
        command = [program(name), *arguments]
        process.run(
            command,
            hint=f"see {self.log}; after an upgrade of PostgreSQL: make clean",
            cwd="/",
            **_as_owner(),
        )


def _ensure_cluster(cluster):
    """Start the private cluster; create it the first time."""
    cluster.make_folders()
    if not cluster.is_made():
        step(f"Make a private database cluster in {cluster.folder}")
        cluster.make()
    if not cluster.is_running():
        step("Start the database server")
        cluster.start()
    return cluster.server()


def _check(server):
    """Refuse a server or a role with which Odoo cannot work."""
    ((version, role, creates),) = server.query(
        "SELECT current_setting('server_version_num'), rolname, "
        "rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    if int(version) < OLDEST:
        raise Problem(
            f"PostgreSQL {OLDEST // 10000} or newer is needed, found {version}"
        )
    if role == "postgres":
        raise Problem("Odoo refuses the database role 'postgres': set PGUSER")
    if creates != "t":
        raise Problem(f"the database role '{role}' (PGUSER) may not create databases")
    available = server.query("SELECT name FROM pg_available_extensions")
    for extension in EXTENSIONS:
        if [extension] not in available:
            raise Problem(f"PostgreSQL lacks {extension}: package postgresql-contrib")


def _environment(**ours):
    """Return the environment with these PG* variables, or with the user's own.

    PGDATABASE is always removed: Odoo would open that database without being asked.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith("PG") and (ours or name == "PGDATABASE"))
    }
    return {**kept, **ours}


def program(name):
    """Find one of PostgreSQL's programs, in the newest version that is installed."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(folders, key=lambda path: -float(path.parent.name)):
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name)


def _owner():
    """Return the user and group that own the cluster if root runs the commands."""
    user = pwd.getpwnam("postgres")
    return user.pw_uid, user.pw_gid


def _as_owner():
    """Return the options by which a subprocess runs as the cluster's owner."""
    if not system.is_root():
        return {}
    user, group = _owner()
    return {"user": user, "group": group, "extra_groups": []}

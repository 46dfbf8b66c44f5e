"""`make clean`: remove everything that the commands made."""

import shutil
from contextlib import suppress

from . import databases, postgres, serve
from .console import Problem, note, step
from .settings import TAG


def main(settings):
    """Print what will be removed, then stop the servers and remove it."""
    if not (settings.home / TAG).exists():
        raise Problem(
            f"{settings.home} was not made by these commands: remove it by hand"
        )
    folders = [settings.home]
    cluster = postgres.cluster_folder(settings)
    if cluster.exists() and not cluster.is_relative_to(settings.home):
        folders.append(cluster)
    step("Remove, for every checkout that shares it:")
    for folder in folders:
        note(folder)
    serve.stop(settings)
    if postgres.is_external():
        _drop_databases(settings)
    else:
        postgres.stop(settings)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        # The common folder of root's clusters, if no other cluster is left in it.
        cluster.parent.rmdir()


def _drop_databases(settings):
    """Drop this home's databases on a server that the commands did not make."""
    server = postgres.ensure(settings)
    for name in server.names(databases.prefix(settings)):
        note(f"database {name}")
        server.drop(name)

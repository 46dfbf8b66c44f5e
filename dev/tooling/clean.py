"""`make clean`: leave nothing behind."""

import shutil
from contextlib import suppress

from . import databases, postgres, serve
from .console import Problem, note, step
from .settings import TAG


def main(settings):
    """Name what goes, then stop what runs and remove it."""
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
        # Where root's clusters are, unless there are others.
        cluster.parent.rmdir()


def _drop_databases(settings):
    """Drop what is ours on a server that is not."""
    server = postgres.ensure(settings)
    for name in server.names(databases.prefix(settings)):
        note(f"database {name}")
        server.drop(name)

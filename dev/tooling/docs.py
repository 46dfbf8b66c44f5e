"""`make docs`: write the parts of the documents that are made from the code."""

from . import databases, demo, setup
from .console import step
from .settings import MODULE


def main(settings):
    """Write the diagram of the rooms and the table of access rights."""
    runner = setup.prepare(settings)
    template = databases.ensure_template(runner, demo=True)
    name = databases.own_name(settings, "docs")
    databases.create(runner, template, name)
    step("Install the addon")
    demo.update(runner, name, f"--init={MODULE}")
    step("Write doc/architecture.md and doc/access.md")
    command = runner.inside(
        "write_docs.py", settings.checkout / "doc", *runner.options(name)
    )
    code = runner.start(command).wait()
    databases.drop(runner, name)
    return code

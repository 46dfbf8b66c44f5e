"""`make i18n`: the translation template and the Arabic translation."""

import tempfile
from pathlib import Path

from . import databases, demo, setup
from .console import Problem, step
from .odoo import last_words
from .settings import MODULE


def main(settings):
    """Export the addon's texts and merge them into its translation."""
    runner = setup.prepare(settings)
    folder = settings.checkout / "i18n"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        exported = Path(scratch) / "exported.pot"
        _export(runner, exported)
        step(f"Update {folder.name}/{MODULE}.pot and {folder.name}/ar.po")
        command = runner.inside(
            "merge_translations.py",
            exported,
            folder / f"{MODULE}.pot",
            folder / "ar.po",
        )
        return runner.start(command).wait()


def _export(runner, target):
    """Export the texts of the addon's present code and demo data."""
    template = databases.ensure_template(runner, demo=True)
    name = databases.own_name(runner.settings, "i18n")
    databases.create(runner, template, name)
    step("Install the addon and export its texts")
    demo.update(runner, name, f"--init={MODULE}")
    log = runner.settings.logs / "export.log"
    export = runner.command("i18n", "export", *runner.options(name))
    code = runner.run_logged([*export, "-o", target, MODULE], log)
    databases.drop(runner, name)
    if code or not target.exists():
        raise Problem(f"the export ended with {code}\n{last_words(log)}")

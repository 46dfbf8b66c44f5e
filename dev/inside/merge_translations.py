"""Update the addon's translation files from Odoo's export.

Usage: merge_translations.py EXPORTED TEMPLATE TRANSLATION

The template is replaced by the export. The translation file keeps its translations of
texts that still exist. Both files keep their headers, so that a new date alone changes
nothing. The exit code is 1 as long as texts have no translation.
"""

import sys
from pathlib import Path

import polib


def merge(exported, file, known):
    """Write the exported texts, with their known translations, to ``file``."""
    merged = polib.POFile()
    previous = polib.pofile(str(file)) if file.exists() else exported
    merged.header, merged.metadata = previous.header, previous.metadata
    for entry in exported:
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    merged.save(str(file))
    return merged


def main(exported, template, translation):
    """Merge both files, print what is left to translate and return the exit code."""
    exported = polib.pofile(exported)
    template, translation = Path(template), Path(translation)
    known = {}
    if translation.exists():
        known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(translation))}
    merge(exported, template, {})
    merged = merge(exported, translation, known)
    empty = [entry.msgid for entry in merged if not entry.msgstr]
    gone = known.keys() - {entry.msgid for entry in merged}
    print(
        f"    {translation.name}: {len(merged)} texts, "
        f"{len(empty)} without translation, {len(gone)} dropped"
    )
    for text in empty:
        print(f"    no translation: {text!r}")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

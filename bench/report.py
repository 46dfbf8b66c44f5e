"""Write the measurements as Markdown."""


def table(rows):
    """Return ``rows`` (dictionaries with the same keys) as a Markdown table."""
    headings = list(rows[0])
    lines = [headings, ["---"] * len(headings)]
    lines += [[str(row[heading]) for heading in headings] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(folder, name, title, sections):
    """Write a page of sections with headings and return its path."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.md"
    parts = [f"# {title}"]
    for heading, text in sections:
        parts += [f"## {heading}", text]
    file.write_text("\n\n".join(parts) + "\n")
    return file

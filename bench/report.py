"""Write the measurements as Markdown, as JSON and as a drawing."""

import json

import gates
import growth


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


def tabulate_verdicts(verdicts):
    """Return the table of gates: what was seen, the limit, whether it is kept."""
    return table(
        [
            {
                "gate": verdict.gate,
                "operation": verdict.operation,
                "figure": verdict.figure,
                "seen": verdict.seen,
                "limit": verdict.limit,
                "": verdict.verdict,
            }
            for verdict in verdicts
        ]
    )


def tabulate_costs(costs):
    """Return the table of costs.

    :param costs: {(gate, operation): {name: Figures}}
    """
    return table(
        [
            {
                "gate": code,
                "operation": operation,
                "of": gates.PEERS.get(name, growth.OURS),
                "records": figures.records,
                "queries": f"{figures.queries * figures.records:.0f}",
                "CPU ms": f"{figures.get_cpu():.1f}",
                "least": f"{figures.get_cpu(min):.1f}",
                "most": f"{figures.get_cpu(max):.1f}",
                "wall ms": f"{figures.wall:.1f}",
                "runs": len(figures.samples),
            }
            for (code, operation), by_name in costs.items()
            for name, figures in by_name.items()
        ]
    )


def tabulate_bursts(bursts):
    """Return the table of requests in flight: {(gate, operation): {name: Burst}}."""
    return table(
        [
            {
                "gate": code,
                "operation": operation,
                "of": gates.PEERS.get(name, growth.OURS),
                "answers": len(burst.latencies),
                "a second": f"{burst.rate:.1f}",
                "ms for 50 of 100": f"{burst.get_latency(0.5):.0f}",
                "ms for 95 of 100": f"{burst.get_latency(0.95):.0f}",
                "CPU ms of one": f"{burst.cost:.1f}",
            }
            for (code, operation), by_name in bursts.items()
            for name, burst in by_name.items()
        ]
    )


def keep(folder, size, requests, costs):
    """Keep the processor times of a size for the drawing, and draw all sizes.

    :return: {size: {"requests": number, "costs": {operation: {name: ms a record}}}}
    """
    folder.mkdir(exist_ok=True)
    result = {
        "requests": requests,
        "costs": {
            f"{code} {operation}": {
                name: round(figures.get_cpu() / figures.records, 3)
                for name, figures in by_name.items()
            }
            for (code, operation), by_name in costs.items()
        },
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (folder / f"{size}.json").write_text(f"{text}\n")
    results = {
        file.stem: json.loads(file.read_text()) for file in folder.glob("*.json")
    }
    growth.draw(results, folder / "growth.svg")
    return results

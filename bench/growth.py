"""Draw how the cost of each operation grows with the number of requests."""

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.axes import LogXValueAxis, LogYValueAxis
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor

import gates

COLUMNS = 4
WIDTH, HEIGHT = 260, 190
MARGIN = 40
COLOURS = {
    "ours": "#017e84",
    "oca": "#d97706",
    "task": "#714b67",
    "stock": "#6b7280",
    "crm": "#714b67",
    "automation": "#714b67",
    "young": "#6b7280",
}
OURS = "this addon"


def draw(results, path):
    """Draw one panel for each operation, both axes logarithmic.

    :param results: {size: {"requests": number, "costs": {operation: {name: ms}}}}
    """
    lines = {}
    sizes = {result["requests"] for result in results.values()}
    for result in sorted(results.values(), key=lambda result: result["requests"]):
        for operation, costs in result["costs"].items():
            for name, cost in costs.items():
                line = lines.setdefault(operation, {}).setdefault(name, [])
                line.append((result["requests"], max(cost, 0.01)))
    rows = -(-len(lines) // COLUMNS)
    drawing = Drawing(COLUMNS * WIDTH, rows * HEIGHT + MARGIN)
    drawing.add(_label(10, rows * HEIGHT + 20, "Milliseconds of processor time", 12))
    names = {name for by_name in lines.values() for name in by_name}
    _add_legend(drawing, rows * HEIGHT + 20, names)
    for place, (operation, by_name) in enumerate(lines.items()):
        row, column = divmod(place, COLUMNS)
        panel = _draw_panel(operation, by_name, sizes)
        panel.translate(column * WIDTH, (rows - 1 - row) * HEIGHT)
        drawing.add(panel)
    renderSVG.drawToFile(drawing, str(path))


def _add_legend(drawing, top, names):
    left = 250
    for name, colour in COLOURS.items():
        if name in names:
            text = gates.PEERS.get(name, OURS)
            drawing.add(_label(left, top, f"— {text}", 11, colour))
            left += 40 + 7 * len(text)


def _get_values(by_name):
    """Return all numbers of requests, and all times."""
    points = [point for line in by_name.values() for point in line]
    return zip(*points, strict=True)


def _shorten(number):
    """Return a number of requests in few characters."""
    return f"{number / 1e6:g}M" if number >= 1e6 else f"{number / 1e3:g}k"


def _draw_panel(operation, by_name, sizes):
    panel = Group()
    plot = LinePlot()
    plot.x, plot.y = MARGIN, 25
    plot.width, plot.height = WIDTH - MARGIN - 15, HEIGHT - 60
    plot.xValueAxis, plot.yValueAxis = LogXValueAxis(), LogYValueAxis()
    plot.data = list(by_name.values())
    for axis, values in zip(
        (plot.xValueAxis, plot.yValueAxis), _get_values(by_name), strict=True
    ):
        axis.valueMin, axis.valueMax = min(values) / 2, max(values) * 2
    plot.xValueAxis.valueSteps = sorted(sizes)
    plot.xValueAxis.labelTextFormat = _shorten
    plot.yValueAxis.labelTextFormat = "{:g}".format
    for number, name in enumerate(by_name):
        plot.lines[number].strokeColor = HexColor(COLOURS[name])
        plot.lines[number].strokeWidth = 2 if name == "ours" else 1
        plot.lines[number].symbol = makeMarker("FilledCircle", size=4)
    panel.add(plot)
    panel.add(_label(10, HEIGHT - 20, operation, 10))
    return panel


def _label(left, top, text, size, colour="#111827"):
    return String(left, top, text, fontSize=size, fillColor=HexColor(colour))

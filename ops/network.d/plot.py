"""Figures of a soak as SVG, one panel below the other."""

COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#b8860b", "#555555")
FAULTS = {"kill": "#c0392b", "stall": "#b8860b", "cut": "#999999"}
WIDTH, PANEL, LEFT, RIGHT, TOP, GAP = 960, 150, 70, 20, 60, 40
PANELS = (
    ("anonymous memory, MiB", lambda row: row["anonymous_kib"] and row["anonymous_kib"] / 1024),
    ("file descriptors", lambda row: row["descriptors"]),
    ("threads", lambda row: row["threads"]),
    ("entries that a peer lacks, or is lacked here", lambda row: row["missing"]),
    ("versions held", lambda row: row["versions"]),
)


def draw(figures, faults, pauses, seconds, seed):
    """The whole picture."""
    seconds = max([seconds] + [row["seconds"] for row in figures])
    names = list(dict.fromkeys(row["node"] for row in figures))
    height = TOP + len(PANELS) * (PANEL + GAP) + 20
    across = lambda at: LEFT + (WIDTH - LEFT - RIGHT) * at / seconds
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    at = LEFT
    for name, colour in zip(names, COLOURS):
        parts.append(f'<text x="{at}" y="20" fill="{colour}">{name}</text>')
        at += 90
    for kind, colour in FAULTS.items():
        parts.append(f'<text x="{at}" y="20" fill="{colour}">| {kind}</text>')
        at += 60
    parts.append(f'<text x="{at}" y="20" fill="black">△ everything is everywhere</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="20" text-anchor="end" fill="#777">seed {seed}</text>')
    for when, kind in faults:
        parts.append(f'<path d="M{across(when):.1f} 30v10" stroke="{FAULTS[kind]}"/>')
    for when, _ in pauses:
        parts.append(f'<text x="{across(when):.1f}" y="50" text-anchor="middle" fill="black">△</text>')
    for index, (title, value) in enumerate(PANELS):
        parts += panel(TOP + index * (PANEL + GAP), title, value, figures, names, across, seconds)
    return "\n".join([*parts, "</svg>", ""])


def panel(top, title, value, figures, names, across, seconds):
    """One figure of every node over time; a node that does not run leaves a gap."""
    greatest = max([value(row) or 0 for row in figures] + [1]) * 1.1
    down = lambda number: top + PANEL - PANEL * number / greatest
    yield f'<text x="{LEFT}" y="{top + 14}" fill="black">{title}</text>'
    yield f'<path d="M{LEFT} {top}v{PANEL}h{WIDTH - LEFT - RIGHT}" fill="none" stroke="black"/>'
    for share in (0, 0.5, 1):
        number = greatest / 1.1 * share
        yield f'<text x="{LEFT - 6}" y="{down(number) + 4:.1f}" text-anchor="end" fill="black">{number:.0f}</text>'
    for tenth in range(0, 11, 2):
        at = seconds * tenth / 10
        yield f'<text x="{across(at):.1f}" y="{top + PANEL + 14}" text-anchor="middle" fill="black">{at / 60:.0f} min</text>'
    for name, colour in zip(names, COLOURS):
        path, is_down, process = [], True, None
        for row in figures:
            if row["node"] != name:
                continue
            number = value(row)
            is_new = row["process"] != process
            process = row["process"]
            if number is None:
                is_down = is_down or process is None
                continue
            path.append(f"{'M' if is_down or is_new else 'L'}{across(row['seconds']):.1f} {down(number):.1f}")
            is_down = False
        yield f'<path d="{"".join(path)}" fill="none" stroke="{colour}"/>'

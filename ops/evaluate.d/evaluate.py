"""ops/evaluate: parses a folder of documents with truth files and says how well."""
from __future__ import annotations

import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
from collections import Counter, defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from matching import INFORMING, compare

ROOT = pathlib.Path(__file__).resolve().parents[2]
ABBREVIATED = 160
BATCH = 40

# (what issue 3 asks, metric, share)
THRESHOLDS = [
    ("year", "year", 0.98), ("region", "region", 0.98), ("unit", "unit", 0.98), ("kind", "kind", 0.98), ("all four of a key", "key (all four)", 0.98),
    ("amounts found", "amounts.recall", 0.97), ("amounts with the right label", "amounts.label", 0.93), ("amounts with the right role", "amounts.role", 0.90),
    ("indicator rows", "indicators.rows", 0.97), ("indicator cells", "indicators.cells", 0.95), ("indicator points", "indicators.points", 0.97),
    ("score", "score", 0.95), ("grade", "grade", 0.95), ("execution rate", "executionRate", 0.95), ("staffing", "staffing.recall", 0.95),
    ("problems", "problems.recall", 0.90), ("improvements", "improvements.recall", 0.90), ("contradictions found", "rules.recall", 0.90),
]
ALARMS = 0.1  # false alarms of high or medium severity for a clean document


def default_parser() -> list[str]:
    if os.environ.get("REPORTCTL"):
        return [os.environ["REPORTCTL"], "parse", "-o", "json"]
    built = [p for p in (ROOT / ".build" / build / "reportctl" for build in ("release", "debug")) if p.exists()]
    if built:
        return [str(max(built, key=lambda p: p.stat().st_mtime)), "parse", "-o", "json"]
    sys.exit("evaluate: no reportctl built; build it, set REPORTCTL, or give --parser CMD")


def parse_all(command, files) -> dict[str, dict]:
    """One JSON object a line and a file: a record, a record under `record`, or an `error`."""
    answers: dict[str, dict] = {}
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        run = subprocess.run([*command, *map(str, batch)], capture_output=True, text=True, errors="replace")
        lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
        for position, line in enumerate(lines):
            try:
                answer = json.loads(line)
            except json.JSONDecodeError:
                continue
            name = answer.get("file") or (str(batch[position]) if len(lines) == len(batch) else None)
            if name is None and answer.get("sources"):
                name = answer["sources"][0].get("name")
            if name:
                answers[pathlib.Path(name).name] = answer
        if not lines:
            print(f"evaluate: {command[0]} printed nothing for {batch[0].name} …: {run.stderr.strip()[:300]}", file=sys.stderr)
    return answers


def load(folder) -> list[tuple[pathlib.Path, dict]]:
    pairs = []
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        document = folder / (truth.get("file") or path.name[: -len(".truth.json")])
        if document.exists():
            pairs.append((document, truth))
        else:
            print(f"evaluate: {path.name} has no document", file=sys.stderr)
    return pairs


def share(counts) -> float | None:
    right, total = counts
    return right / total if total else None


def percent(value) -> str:
    return "     –" if value is None else f"{value * 100:5.1f}%"


class Summary:
    def __init__(self):
        self.counts = defaultdict(lambda: [0, 0])
        self.groups = {name: defaultdict(lambda: defaultdict(lambda: [0, 0])) for name in ("format", "kinds", "form")}
        self.rules = defaultdict(lambda: [0, 0])
        self.errors: list[tuple[str, str]] = []
        self.alarms = self.clean = self.unplanned = 0
        self.alarm_rules: Counter = Counter()
        self.misses: list[tuple[str, str, str, str]] = []

    def add(self, name, truth, result):
        keys = {"format": truth.get("format", "?"), "kinds": truth.get("kinds", "?"), "form": truth.get("form", "?")}
        for metric, (right, total) in result.counts.items():
            for target in [self.counts, *(self.groups[g][k] for g, k in keys.items())]:
                target[metric][0] += right
                target[metric][1] += total
        for rule, (right, total) in result.rules.items():
            self.rules[rule][0] += right
            self.rules[rule][1] += total
            metric = "rules.informing" if rule in INFORMING else "rules.recall"
            self.counts[metric][0] += right
            self.counts[metric][1] += total
        if truth.get("clean"):
            self.clean += 1
            self.alarms += len(result.alarms)
            self.alarm_rules.update(f"{a.get('severity')} {a.get('rule')}" for a in result.alarms)
        else:
            self.unplanned += len(result.alarms)
        self.misses += [(name, *m) for m in result.misses]

    def table(self, title, rows, columns):
        lines = [title, f"  {'':24}" + "".join(f"{c[:13]:>14}" for c in columns)]
        for name, counts in sorted(rows.items()):
            lines.append(f"  {name[:24]:24}" + "".join(f"{percent(share(counts[c])):>14}" for c in columns))
        return lines

    def verdicts(self):
        rows = [(what, metric, share(self.counts[metric]), least) for what, metric, least in THRESHOLDS]
        return rows, (self.alarms / self.clean if self.clean else 0.0)

    def text(self, total) -> str:
        lines = [f"{total} documents, {len(self.errors)} not read, {self.clean} read without planted mistakes", "", "against the thresholds"]
        rows, alarms = self.verdicts()
        for what, metric, value, least in rows:
            right, of = self.counts[metric]
            mark = "–" if value is None else "pass" if value >= least else "FAIL"
            lines.append(f"  {mark:5} {what:30} {percent(value)}  of {of:6}  asked {least * 100:.0f}%")
        lines.append(f"  {'pass' if alarms <= ALARMS else 'FAIL':5} {'false alarms per clean document':30} {alarms:6.2f}  of {self.clean:6}  asked {ALARMS}")
        if self.alarm_rules:
            lines.append("        " + ", ".join(f"{rule} ×{n}" for rule, n in self.alarm_rules.most_common()))
        lines.append(f"        findings of high or medium severity beside the planted ones: {self.unplanned}")
        lines += ["", "all figures (right / of)"]
        for metric, (right, of) in sorted(self.counts.items()):
            lines.append(f"  {metric:28} {percent(share((right, of)))}  {right}/{of}")
        columns = ["key (all four)", "amounts.recall", "amounts.precision", "amounts.label", "amounts.role", "indicators.rows", "indicators.cells", "indicators.points", "staffing.recall", "score"]
        for name in ("format", "kinds", "form"):
            lines += ["", *self.table(f"per {name}", self.groups[name], columns)]
        lines += ["", "per rule (planted, found)"]
        for rule, (right, of) in sorted(self.rules.items()):
            lines.append(f"  {rule:20} {percent(share((right, of)))}  {right}/{of}")
        if self.errors:
            lines += ["", "not read"] + [f"  {name}: {error[:140]}" for name, error in self.errors[:30]]
            if len(self.errors) > 30:
                lines.append(f"  … {len(self.errors) - 30} more")
        return "\n".join(lines) + "\n"

    def machine(self, total):
        rows, alarms = self.verdicts()
        groups = {g: {k: {m: c for m, c in counts.items()} for k, counts in v.items()} for g, v in self.groups.items()}
        return {"documents": total, "notRead": [{"file": n, "error": e} for n, e in self.errors], "counts": dict(self.counts), "groups": groups, "rules": dict(self.rules),
                "falseAlarmsPerCleanDocument": alarms, "thresholds": [{"what": w, "metric": m, "share": v, "asked": t, "pass": v is not None and v >= t} for w, m, v, t in rows]}


def below_minimum(summary, path) -> list[str]:
    """Lines `metric share` of a file; `false-alarms` is a ceiling, `read` the share of documents read."""
    failures = []
    _, alarms = summary.verdicts()
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        metric, _, text = line.rpartition(" ")
        metric, least = metric.strip(), float(text)
        if metric == "false-alarms":
            if alarms > least:
                failures.append(f"false alarms per clean document {alarms:.2f} above {least}")
            continue
        value = share(summary.counts[metric])
        if value is None or value < least:
            failures.append(f"{metric} {percent(value).strip()} below {least * 100:.1f}%")
    return failures


def main():
    parser = argparse.ArgumentParser(description="Compares what the parser reads with truth files.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--parser", help="command that takes FILES and prints one JSON line for each")
    parser.add_argument("--report", type=pathlib.Path, help="file for every miss (default: FOLDER.misses.txt)")
    parser.add_argument("--minimum", type=pathlib.Path, help="exit 1 when a figure is below this file's")
    parser.add_argument("--skip-unread", action="store_true", help="leave documents out that the parser cannot read")
    parser.add_argument("--format", help="only documents whose format starts with this (txt, docx, …)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pairs = load(options.folder)
    if options.format:
        pairs = [p for p in pairs if p[1].get("format", "").startswith(tuple(options.format.split(",")))]
    if not pairs:
        sys.exit(f"evaluate: no truth files in {options.folder}")
    command = shlex.split(options.parser) if options.parser else default_parser()
    answers = parse_all(command, [document for document, _ in pairs])
    summary = Summary()
    for document, truth in pairs:
        answer = answers.get(document.name, {"error": "no answer"})
        error = answer.get("error")
        summary.counts["read"][0] += not error
        summary.counts["read"][1] += 1
        if error:
            summary.errors.append((document.name, error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)))
            if options.skip_unread:
                continue
        summary.add(document.name, truth, compare(truth, {} if error else answer.get("record") or answer))
    report = options.report or (None if options.minimum else options.folder.with_name(options.folder.name + ".misses.txt"))
    if report:
        cut = lambda s: s if len(s) <= ABBREVIATED else s[:ABBREVIATED] + "…"
        report.write_text("".join(f"{name}\t{metric}\texpected: {cut(expected)}\tgot: {cut(got)}\n" for name, metric, expected, got in summary.misses), encoding="utf-8")
    if options.json:
        print(json.dumps(summary.machine(len(pairs)), ensure_ascii=False))
    else:
        print(summary.text(len(pairs)), end="")
        if report:
            print(f"\n{len(summary.misses)} misses in {report}")
    if options.minimum:
        failures = below_minimum(summary, options.minimum)
        for failure in failures:
            print(f"evaluate: {failure}", file=sys.stderr)
        sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

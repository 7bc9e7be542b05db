"""The invented unit a document is about, and the facts of its people."""
from __future__ import annotations

from dataclasses import dataclass

import units
from places import Place


@dataclass
class Unit:
    place: Place
    kind: units.Kind
    full: str
    short: str
    own: str
    depts: list[str]
    authorised_office: int
    authorised_other: int
    serving_office: int
    serving_other: int
    retired: int
    contract: int
    code: str
    served: int = 0

    @property
    def authorised(self):
        return self.authorised_office + self.authorised_other

    @property
    def serving(self):
        return self.serving_office + self.serving_other


def make(rng, place: Place) -> Unit:
    level = place.level if place.level != "province" else "city"
    kind = rng.choice([k for k in units.KINDS if level in k.levels])
    full, short = units.unit_name(rng, place, kind)
    office = 0 if kind.nature == "institution" else rng.randint(4, 46)
    other = rng.randint(8, 120) if kind.nature == "institution" else rng.choice([0, 0, rng.randint(2, 40)])
    own = kind.own
    if own == "我局" and short.endswith("委员会"):
        own = "我委"
    if short.endswith("乡人民政府"):
        own = "我乡"
    return Unit(place, kind, full, short, own, list(kind.depts), office, other,
                max(office - rng.randint(0, 3), 0) if office else 0, max(other - rng.randint(0, 5), 1) if other else 0,
                rng.randint(0, 40), rng.randint(0, 12), "".join(rng.choice("0123456789") for _ in range(6)), rng.randint(60, 3900))

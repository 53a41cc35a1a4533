"""The engine's figures for each case that R computed, from the same data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from restanque.engine.estimation import (
    Campaign,
    Design,
    Estimate,
    Margin,
    compare,
    mean,
    poststratify,
    quantile,
    rake,
    ratio,
    share,
    simple,
    stratified,
    total,
    total_by_ratio,
)

Figure = dict[str, Any]


def column(table: dict[str, list[Any]], name: str) -> np.ndarray:
    """Numbers of a table, NaN where R has NA."""
    return np.array([np.nan if v is None else float(v) for v in table[name]])


def known(sizes: dict[str, Any], name: str) -> dict[str, float]:
    return {level: float(total[0]) for level, total in sizes[name].items()}


def designs(tables: dict[str, Any], sizes: dict[str, Any]) -> dict[str, Design]:
    """The designs of oracle.R, by the prefix of their cases."""
    st, sr, made, lonely = (tables[name] for name in ("apistrat", "apisrs", "made", "lonely"))
    types, wides = known(sizes, "types"), known(sizes, "wides")
    classes, zones = known(sizes, "classes"), known(sizes, "zones")
    strat, srs = stratified(st["stype"], types), simple(len(sr["stype"]), sum(types.values()))
    raking = [
        Margin.of("stype", sr["stype"], types),
        Margin.of("sch.wide", sr["sch.wide"], wides),
        Margin.of("awards", sr["awards"], known(sizes, "prizes")),
    ]
    alone = {"units": made["unit"], "self_representing": ["u001"]}
    rest = sum(classes.values()) - 1
    flat = stratified(made["base"], {"ensemble": rest, "u001": 1}, **alone)
    margins = [Margin.of("class", made["class"], classes), Margin.of("zone", made["zone"], zones)]
    return {
        "apistrat": strat,
        "apisrs": srs,
        "apisrs post": poststratify(srs, Margin.of("stype", sr["stype"], types)),
        "apisrs raked": rake(srs, raking)[0],
        "apistrat post": poststratify(strat, Margin.of("sch.wide", st["sch.wide"], wides)),
        "made": stratified(made["class"], classes, **alone),
        "made raked": rake(flat, margins)[0],
        "lonely": stratified(lonely["h"], {"a": 9, "b": 6, "c": 3}),
    }


def everything(
    design: Design, table: dict[str, Any], names: str, degrees: Callable[[str], float]
) -> dict[str, Figure]:
    """The battery of oracle.R: `names` are y, x, the yes/no question and the domain.

    `degrees`: R's degrees of freedom of a case, for intervals that can be compared."""
    y, x, yes, mark = (column(table, name) for name in names.split())
    domain = mark == 1
    figures: dict[str, Estimate] = {}
    for prefix, part in (("", None), ("domain ", domain)):
        figures[f"{prefix}mean"] = mean(design, y, domain=part, df=degrees(f"{prefix}mean"))
        figures[f"{prefix}total"] = total(design, y, domain=part, df=degrees(f"{prefix}total"))
        figures[f"{prefix}ratio"] = ratio(design, y, x, domain=part, df=degrees(f"{prefix}ratio"))
        figures[f"{prefix}share"] = share(design, yes, domain=part, df=degrees(f"{prefix}share"))
        figures[f"{prefix}median"] = quantile(
            design, y, 0.5, domain=part, df=degrees(f"{prefix}median")
        )
    figures["quartile"] = quantile(design, y, 0.25, df=degrees("quartile"))
    made = {name: plain(estimate) for name, estimate in figures.items()}
    for kind in ("mean", "total"):
        paired = compare(
            Campaign(design, x), Campaign(design, y), kind, df=degrees(f"paired {kind}")
        )
        made[f"paired {kind}"] = {
            "value": paired.change,
            "se": paired.standard_error,
            "ci": paired.interval,
        }
    return made


def plain(estimate: Estimate) -> Figure:
    return {
        "value": estimate.value,
        "se": estimate.standard_error,
        "ci": estimate.interval,
        "deff": estimate.design_effect,
    }


BATTERIES = {
    "apistrat": ("apistrat", "api00 api99 wide big"),
    "apisrs": ("apisrs", "api00 api99 wide big"),
    "apisrs post": ("apisrs", "api00 api99 wide big"),
    "apisrs raked": ("apisrs", "enroll api.stu wide big"),
    "apistrat post": ("apistrat", "api00 api99 prize wide"),
    "made": ("made", "kg kg2 bio baker"),
    "made raked": ("made", "kg kg2 bio baker"),
}


def degrees_of(stored: dict[str, Any], prefix: str) -> Callable[[str], float]:
    return lambda name: float(stored["cases"][f"{prefix}{name}"]["df"][0])


def all_figures(stored: dict[str, Any]) -> dict[str, Figure]:
    """Every case of the stored file, computed here."""
    tables, plans = stored["tables"], designs(stored["tables"], stored["sizes"])
    figures: dict[str, Figure] = {}
    for prefix, (table, names) in BATTERIES.items():
        degrees = degrees_of(stored, f"{prefix} ")
        for name, figure in everything(plans[prefix], tables[table], names, degrees).items():
            figures[f"{prefix} {name}"] = figure
    for prefix in ("apisrs raked", "made raked"):
        figures[f"{prefix} weights"] = {"weights": plans[prefix].weights}
    r, made, y = degrees_of(stored, ""), tables["made"], column(tables["lonely"], "y")
    single: dict[str, Callable[[], Estimate]] = {
        "made total by ratio": lambda: total_by_ratio(
            plans["made"],
            column(made, "kg"),
            column(made, "size"),
            stored["cases"]["made total by ratio"]["known"][0],
        ),
        "made blanks mean": lambda: mean(
            plans["made"], column(made, "priced"), df=r("made blanks mean")
        ),
        "made blanks total": lambda: total(
            plans["made"], column(made, "priced"), df=r("made blanks total")
        ),
        "made blanks median": lambda: quantile(
            plans["made"], column(made, "priced"), df=r("made blanks median")
        ),
        "made raked blanks mean": lambda: mean(
            plans["made raked"], column(made, "priced"), df=r("made raked blanks mean")
        ),
        "lonely mean": lambda: mean(plans["lonely"], y, df=r("lonely mean")),
        "lonely total": lambda: total(plans["lonely"], y, df=r("lonely total")),
    }
    return figures | {name: plain(call()) for name, call in single.items()}

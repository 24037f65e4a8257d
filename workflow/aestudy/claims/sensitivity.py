"""How far each published number moves under other protocols, and which of them explain it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from aestudy.base.run import Run
from aestudy.claims.evidence import Evidence, Source
from aestudy.claims.language import Call, Node, Term
from aestudy.claims.protocols import BASE, NO, YES, Protocol
from aestudy.claims.records import Claim
from aestudy.claims.selection import replace_datasets, replace_terms
from aestudy.claims.verdicts import Case, holds, resample

COLUMNS = ("claim", "report", "protocol", "axis", "change", "published", "tolerance", "unit", "observed", "ci_low")
COLUMNS += ("ci_high", "shift", "shift_low", "shift_high", "within", "covers")
TOGETHER = ("claims", "protocol", "axis", "change", "observed", "distance", "within", "covers")


def table(
    claims: Iterable[Claim],
    protocols: Iterable[Protocol],
    scores: Mapping[tuple[str, Run], Source],
    stand_ins: Mapping[str, str] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """One row per published number and protocol, the base protocol first; numbers to six significant digits.

    scores: by protocol (`base` for the study's own settings) and run (that the claim is about),
    scores per image. Columns: claim, report, protocol, axis, change, published, tolerance, unit; observed with its
    95 % interval; shift, the difference from the base protocol, paired by replicate and image, with its interval;
    within: is it within the tolerance? covers: does the interval hold the published number?
    """
    evidence = Evidence({}, {_under(name, run): source for (name, run), source in scores.items()}, {})
    rows = []
    for claim in claims:
        node = replace_datasets(claim.nodes["quantity"], stand_ins or {})
        base = _relabelled(node, BASE)
        rows.append((claim, None, Case(base, evidence, {}), None))
        for protocol in (protocol for protocol in protocols if claim.id in protocol.claims):
            other = _relabelled(_restated(node, protocol), protocol.id)
            rows.append((claim, protocol, Case(other, evidence, {}), Case(Call("-", (other, base)), evidence, {})))
    resample([case for row in rows for case in row[2:] if case is not None], seed)
    return pd.DataFrame([_row(*row) for row in rows], columns=list(COLUMNS))


def together(table: pd.DataFrame, groups: Iterable[Sequence[str]]) -> pd.DataFrame:
    """One row per group of published numbers and protocol that is tried on one of them at least.

    A number that a protocol is not tried on stays as under the base protocol, and is marked so. Columns: claims;
    protocol, axis, change; observed, each with its interval; distance from the published number, in tolerances, of the
    one furthest from it; within: are all within their tolerance? covers: do all intervals hold them?
    """
    rows = []
    for group in groups:
        own = table[table["claim"].isin(group)]
        for name, part in own.groupby("protocol", sort=False):
            base = own[(own["protocol"] == BASE) & ~own["claim"].isin(part["claim"])]
            part = pd.concat([part, base]).set_index("claim").loc[list(group)]
            shown = "; ".join(_shown(claim, row, name) for claim, row in part.iterrows())
            row = {"claims": " and ".join(group), "observed": shown}
            row |= part[part["protocol"] == name].iloc[0][["protocol", "axis", "change"]].to_dict()
            distances = (part["observed"] - part["published"]).abs() / part["tolerance"]
            row["distance"] = float(f"{distances.max(skipna=False):.3g}")
            row |= {column: YES if (part[column] == YES).all() else NO for column in ("within", "covers")}
            rows.append(row)
    return pd.DataFrame(rows, columns=list(TOGETHER))


def _shown(claim: str, row: pd.Series, protocol: str) -> str:
    interval = "" if pd.isna(row["ci_low"]) else f" [{row['ci_low']:.4g}, {row['ci_high']:.4g}]"
    return f"{claim} {row['observed']:.4g}{interval}" + ("" if row["protocol"] == protocol else " (as configured)")


def _row(claim: Claim, protocol: Protocol | None, case: Case, shift: Case | None) -> dict:
    row = {"claim": claim.id, "report": claim.report, "published": claim.expectation.value}
    row |= {"tolerance": claim.tolerance, "unit": claim.unit, "protocol": BASE, "axis": "", "change": "as configured"}
    if protocol is not None:
        row |= {"protocol": protocol.id, "axis": protocol.axis, "change": protocol.change}
    if case.result is None:
        return row | {"change": f"{row['change']}: {case.missing}", "within": NO, "covers": NO}
    low, high = case.result.interval() or (np.nan, np.nan)
    numbers = {"observed": case.result.observed, "ci_low": low, "ci_high": high}
    if shift is not None and shift.result is not None:
        ends = shift.result.interval() or (np.nan, np.nan)
        numbers |= {"shift": shift.result.observed, "shift_low": ends[0], "shift_high": ends[1]}
    row |= {name: float(f"{number:.6g}") for name, number in numbers.items()}
    row["within"] = YES if holds(claim.expectation, claim.tolerance, case.result) else NO
    row["covers"] = YES if low <= claim.expectation.value <= high else NO
    return row


def _under(protocol: str, run: Run) -> Run:
    """The run under a protocol, which goes into the model's name: so one expression can speak of several."""
    return replace(run, model=f"{run.model} ({protocol})")


def _relabelled(node: Node, protocol: str) -> Node:
    """The expression, read from the runs under a protocol (see `_under`)."""

    def relabel(term: Term) -> Term:
        return replace(term, filters=tuple((k, f"{v} ({protocol})" if k == "model" else v) for k, v in term.filters))

    return replace_terms(node, relabel)


def _restated(node: Node, protocol: Protocol) -> Node:
    """The expression over the images and with the average that a protocol asks for."""

    def restate(term: Term) -> Node:
        if protocol.test.images is not None:
            term = replace(term, first=100 if protocol.test.images == "first_100" else None)
        return _pooled(term) if protocol.score.average == "pooled" else term

    return replace_terms(node, restate)


def _pooled(term: Term) -> Node:
    """PSNR of the error over all images together, where a term is the mean of the images' PSNRs."""
    if term.column == "gain":
        return Call("-", tuple(_pooled(replace(term, column=column)) for column in ("psnr", "psnr_noisy")))
    error = {"psnr": "mse", "psnr_noisy": "mse_noisy"}.get(term.column)
    return term if error is None else Call("decibel", (replace(term, column=error),))

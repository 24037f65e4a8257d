"""A made-up study of readings, small enough to compute by hand: two questions, two claims, one network each."""

import pandas as pd

from aestudy.base.columns import TEST_VALUES
from aestudy.claims.records import Claim
from aestudy.readings.scored import Scored, score
from aestudy.study.config import Study
from aestudy.study.plan import Plan
from aestudy.study.questions import Readings
from aestudy.study.readings import Planner, planned

RECORD = {"source": "x", "statement": "x", "tolerance_reason": "x", "evidence": ["metrics"], "report": "toy"}
RUN = 'dataset="digits", model="small", latent=4'
NOISY = f'{RUN}, noise="gaussian", variance=0.25'
CLAIMS = [
    Claim.model_validate(RECORD | claim)
    for claim in (
        {"id": "toy-number", "quantity": f"psnr({RUN})", "expected": 20, "tolerance": 0.5},
        {"id": "toy-gain", "quantity": f"gain({NOISY})", "expected": "> 0", "tolerance": 0, "scale": 2},
    )
]
STUDY = Study.model_validate(
    {
        "study": "toy",
        "seed": 3,
        "replicates": 1,
        "datasets": {"digits": {"source": "digits", "label": "Digits"}},
        "noises": {"gaussian": {"kind": "gaussian", "clip": True, "draw": "once"}},
        "models": {"small": {"label": "small", "network": {"architecture": "dense", "hidden": [8]}}},
        "reports": {"toy": {"title": "Toy"}},
        "experiments": [
            {"name": "plain", "title": "x", "report": "toy", "dataset": ["digits"], "model": ["small"], "latent": [4]},
            {"name": "noisy", "title": "x", "report": "toy", "dataset": ["digits"], "model": ["small"], "latent": [4]}
            | {"noise": ["gaussian"], "variance": [0.25]},
        ],
        "readings": [
            {
                "report": "toy",
                "chosen_by": "plain",
                "questions": [
                    {
                        "id": "width",
                        "question": "How wide?",
                        "answers": [
                            {"id": "narrow", "answer": "as it is"},
                            {"id": "wide", "answer": "wider", "networks": {"small": {"hidden": [16]}}, "prior": 3},
                        ],
                    },
                    {
                        "id": "average",
                        "question": "How is PSNR taken?",
                        "answers": [
                            {"id": "image", "answer": "per image"},
                            {"id": "pooled", "answer": "pooled", "score": "pooled", "gain": "clean_input"},
                        ],
                    },
                ],
                "targets": [
                    {"claim": "toy-number", "experiment": "plain"},
                    {"claim": "toy-gain", "experiment": "noisy"},
                ],
            }
        ],
    }
)
READINGS: Readings = STUDY.readings[0]

VALUES = {
    # model, noise: psnr, psnr_pooled, psnr_noisy, psnr_clean_input_pooled
    ("small", "none"): (20.25, 19.0, float("nan"), float("nan")),
    ("small_wide", "none"): (22.0, 20.5, float("nan"), float("nan")),
    ("small", "gaussian"): (15.0, 14.0, 12.0, 13.0),
    ("small_wide", "gaussian"): (11.0, 10.0, 12.0, 16.0),
}


def table(replicates: int = 1) -> pd.DataFrame:
    """tables/transfer.csv: VALUES in every replicate, 0.1 dB higher from one to the next."""
    rows = []
    for test in planned(STUDY, Plan.of(STUDY), CLAIMS).tests:
        for replicate in range(replicates):
            own = dict.fromkeys(TEST_VALUES, 0.0)
            names = ("psnr", "psnr_pooled", "psnr_noisy", "psnr_clean_input_pooled")
            values = VALUES[test.trained.model, test.noise]
            own |= {name: value + replicate / 10 for name, value in zip(names, values, strict=True)}
            tested = {"test_dataset": test.dataset, "test_noise": test.noise, "test_variance": test.level}
            rows.append(test.trained.keys | {"replicate": replicate} | tested | own)
    return pd.DataFrame(rows)


def scored(frame: pd.DataFrame | None = None) -> list[Scored]:
    """All readings held against the claims."""
    planner = Planner(STUDY, Plan.of(STUDY), READINGS)
    return score(planner, READINGS, CLAIMS, table() if frame is None else frame)

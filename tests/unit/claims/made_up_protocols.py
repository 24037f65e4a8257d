"""Made-up scores of a study's runs under several protocols, and the table of what becomes of its numbers."""

import numpy as np
import pandas as pd

from aestudy.base.run import Run
from aestudy.claims import sensitivity
from aestudy.claims.protocols import Protocol
from aestudy.claims.records import Claim

PLAIN = Run("digits", "dense", 5, 0.0, "none", 0.0)
NOISY = Run("digits", "conv", None, 0.0, "gaussian", 0.25)


def claim(id: str, quantity: str, expected, tolerance: float = 1.0) -> Claim:
    record = {"id": id, "report": "dense", "source": "nowhere", "statement": "A claim.", "quantity": quantity}
    record |= {"unit": "dB", "expected": expected, "tolerance": tolerance, "tolerance_reason": "any"}
    return Claim.model_validate(record | {"evidence": ["metrics"]})


CLAIMS = [
    claim("plain-1", 'psnr(dataset="mnist", model="dense", latent=5)', 20),
    claim("noise-1", 'gain(dataset="mnist", model="conv", noise="gaussian", variance=0.25, first=2)', 8),
]


def protocol(id: str, claims: list[str], **parts) -> Protocol:
    record = {"id": id, "axis": "an axis", "change": f"with {id}", "reason": "why not", "claims": claims}
    return Protocol.model_validate(record | parts)


def scores(psnr, noisy=np.nan) -> pd.DataFrame:
    psnr = np.asarray(psnr, float)
    frame = {"replicate": 0, "image": range(len(psnr)), "psnr": psnr, "mse": 10 ** (-psnr / 10)}
    return pd.DataFrame(frame | {"ssim": 0.5, "psnr_noisy": noisy})


BASE_PSNR = np.linspace(17, 20, 40)
PROTOCOLS = [
    protocol("pooled", ["plain-1", "noise-1"], score={"average": "pooled"}),
    protocol("better", ["plain-1"], run={"model": "deep"}),
    protocol("all", ["noise-1"], test={"images": "all"}),
]
NOISY_PSNR = [18.0, 20.0, 22.0, 24.0]


def table() -> pd.DataFrame:
    """Of made-up scores: the base protocol 1.5 dB too low, `better` 1 dB above it on every image."""
    sources = {(name, PLAIN): scores(BASE_PSNR) for name in ("base", "pooled")}
    sources |= {("better", PLAIN): scores(BASE_PSNR + 1)}
    sources |= {(name, NOISY): scores(NOISY_PSNR, 10.0) for name in ("base", "pooled", "all")}
    return sensitivity.table(CLAIMS, PROTOCOLS, sources, stand_ins={"mnist": "digits"}, seed=3)

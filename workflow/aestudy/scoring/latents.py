"""What the latent values of a trained network look like: their size, and how many of them are near zero."""

import numpy as np


def statistics(latent: np.ndarray, threshold: float) -> dict[str, float]:
    """Statistics of latent values (n, k), over all images and units.

    - sparsity: share of values of magnitude below `threshold`;
    - sparsity_relative: share of values of magnitude below a tenth of the mean magnitude, which does not change when
      the whole latent shrinks (0.064 for normally distributed values);
    - hoyer: mean over images of Hoyer's sparseness ("Non-negative matrix factorization with sparseness constraints",
      JMLR 5, 2004, section 3.1), from 0 where all units have one magnitude to 1 where a single unit is not zero;
    - latent_mean: mean magnitude; latent_average: plain mean, near zero for a linear latent whatever a penalty does.
    """
    magnitude = np.abs(latent)
    mean = magnitude.mean(dtype=np.float64)
    return {
        "sparsity": float((magnitude < threshold).mean()),
        "latent_mean": float(mean),
        "latent_average": float(latent.mean(dtype=np.float64)),
        "sparsity_relative": float((magnitude < mean / 10).mean()) if mean > 0 else 1.0,
        "hoyer": float(hoyer(magnitude).mean()),
    }


def hoyer(magnitude: np.ndarray) -> np.ndarray:
    """Hoyer's sparseness of each row (n, k) of magnitudes; 1 for a row of zeros, and for rows of one value."""
    units = magnitude.shape[1]
    length = np.sqrt(np.square(magnitude, dtype=np.float64).sum(axis=1))
    if units == 1:
        return np.ones(len(magnitude))
    ratio = np.divide(magnitude.sum(axis=1, dtype=np.float64), length, out=np.ones(len(magnitude)), where=length > 0)
    return (np.sqrt(units) - ratio) / (np.sqrt(units) - 1)

"""Protocols: other readings of what the reports leave open, as records of the configuration.

A study's own settings are its base protocol. Each record here names what takes the place of what in it: another run
(which is trained beside the study's own), another test, another way to score. What a record leaves out stays as it is.
"""

from typing import Annotated, Literal

from pydantic import Field

from aestudy.base.columns import SSIM_VARIANTS
from aestudy.base.settings import Settings, Text, patterned

ClaimId = patterned(r"^[a-z0-9]+(-[a-z0-9]+)*$", "the id of a claim")
ProtocolId = patterned(
    r"^[a-z0-9]+(-[a-z0-9]+){0,9}$", "an id of lower-case letters and digits, words joined by single dashes"
)
BASE = "base"
"""The id of the study's own settings."""
YES, NO = "yes", "no"
"""How tables answer whether a number is within its tolerance, and whether an interval covers it."""


class OtherRun(Settings):
    """Which run takes the place of a claim's own: keys of the run that differ. It is trained if the study lacks it."""

    dataset: Text | None = None
    """Another data set."""
    model: Text | None = None
    """Another model: a name from `models`."""
    latent: Annotated[int, Field(ge=1, le=65_536)] | None = None
    """Another latent size."""
    l1: Annotated[float, Field(ge=0, le=1e6)] | None = None
    """Another weight of the penalty."""
    noise: Text | None = None
    """Another noise, in training and test: a name from `noises`, or `none`."""
    variance: Annotated[float, Field(gt=0, le=100)] | None = None
    """Another variance of the noise, in training and test."""


class OtherTest(Settings):
    """What the trained network is tested on, where that is not what it was trained for."""

    noise: Text | None = None
    """Another noise in the test alone: a name from `noises`."""
    variance: Annotated[float, Field(gt=0, le=100)] | None = None
    """Another variance in the test alone."""
    images: Literal["all", "first_100", "training"] | None = None
    """`all` test images or the `first_100` of them; `training`: images and noise that the network was trained on."""


class OtherScore(Settings):
    """How the restored images are scored, where that differs."""

    average: Literal["per_image", "pooled"] = "per_image"
    """PSNR: the mean of the images' PSNRs, or that of the mean squared error over all images together."""
    ssim: Literal[*SSIM_VARIANTS] | None = None
    """Another variant of SSIM (see `evaluation`)."""
    reference: Literal["clean", "input"] = "clean"
    """What a restored image is compared with: the clean image, or the noisy one that the network was given."""
    data_range: Literal["unit", "signed", "picture"] = "unit"
    """Peak of PSNR and SSIM: 1; 2, as for pixels from -1 to 1; or the range of the very picture that is scored."""


class Protocol(Settings):
    """One other reading, and the published numbers that it is tried on."""

    id: ProtocolId
    """Short name, unique."""
    axis: Text
    """The open question."""
    change: Text
    """The answer to it that is tried here, in a few words."""
    reason: Text
    """Why that is plausible."""
    claims: Annotated[list[ClaimId], Field(min_length=1)]
    """Ids of the claims whose published numbers it may explain: claims on a number that is read from images' scores."""
    run: OtherRun = OtherRun()
    """Another run in the place of the claim's own."""
    test: OtherTest = OtherTest()
    """Another test."""
    score: OtherScore = OtherScore()
    """Another way to score."""

    @property
    def rescored(self) -> bool:
        """Whether images must be scored anew, since the stored scores do not have what is averaged."""
        tested = self.test.noise or self.test.variance or self.test.images == "training"
        return bool(tested) or self.score != OtherScore(average=self.score.average)

    def rescoring(self, ssim: str) -> dict:
        """How images are scored anew: images, ssim (the study's unless this protocol has its own), reference, range."""
        score = self.score.model_dump(include={"data_range", "reference"})
        images = "training" if self.test.images == "training" else "test"
        return score | {"images": images, "ssim": self.score.ssim or ssim}

"""What stands under a figure is what the tables say."""

import re

import pandas as pd
import pytest

from aestudy.pages import captions, opening
from unit.pages.made_up import LABEL, METRICS, NOISY, RUNS, claim


def test_published_and_found_come_from_the_claims_that_name_the_figure():
    claims = pd.DataFrame([claim(), claim(id="other", evidence="dense/fig2-2, metrics")])
    text = captions.caption("What it *shows*.\n", "dense/fig2-1-bottom", claims, "Found.")
    page = opening.html_of(text).replace("&nbsp;", "\u00a0")
    assert "What it <em>shows</em>." in page and "other" not in page
    assert "<strong>Reproduced</strong>, dense-1a-15: A latent of 15 reaches *about* 20 dB." in page
    assert "Published: 20 (±\u00a01); observed 20.5 dB [20.25, 20.75] is within 1 dB." in page


@pytest.mark.parametrize("text", ["a * b ** c", "`x` |y| z_", "<tag> [1]_ \\n", "*x*", "_`target`"])
def test_no_character_of_a_claim_is_markup(text):
    page = opening.html_of(captions.escaped(text))
    shown = re.sub("<[^>]*>", "", page).replace("&lt;", "<").replace("&gt;", ">")
    assert shown.strip() == text.strip()


def test_found_tells_both_ends_of_every_line():
    text = captions.found([*RUNS[::-1], NOISY], METRICS, LABEL)
    assert "MNIST, 3 layers: 20.50 dB (SSIM 0.205) at latent 15; 25.50 dB (SSIM 0.255) at latent 100" in text
    assert "MNIST, conv: 19.00 dB (SSIM 0.190, noisy input 9.30 dB)" in text
    assert "23.5" not in text


def test_one_run_has_no_ends():
    assert captions.found(RUNS[:1], METRICS, LABEL).endswith("MNIST, 3 layers: 20.50 dB (SSIM 0.205).")

"""The diagram of a network."""

import pandas as pd

from aestudy.base.run import Run
from aestudy.figures.data import FigureData
from aestudy.figures.rendering import draw
from unit.figures.made_up import texts


def test_network_shows_every_layer_that_does_something(full):
    words = [" ".join(text.split()) for text in texts(full.draw("conv/fig1"))]
    assert sum("Convolution" in text for text in words) == 3
    assert sum("Convolution + ReLU" in text for text in words) == 3  # before the pooling, as reports describe it
    assert sum("Max-pooling + dropout" in text for text in words) == 2
    assert sum("Upsampling + convolution" in text for text in words) == 2
    assert sum("36,928 parameters" in text for text in words) == 3
    assert "Code 64 × 7 × 7 3,136 values" in words
    assert "Encoder: 37,568 parameters" in words and "Decoder: 74,433 parameters" in words


def test_a_network_without_noise_has_no_noisy_image(full):
    (noisy,) = full.experiments["conv"]
    run = Run(noisy.dataset, noisy.model, None, 0.0, "none", 0.0)
    images = {run: full.examples(noisy)}
    figure = draw("network", FigureData([run], architecture=pd.read_csv(full.tables["architecture"]), examples=images))
    assert "Input image" in texts(figure) and "Output image" in texts(figure)
    assert not any("Noisy" in text for text in texts(figure))

/* Scores: as in scoring/scores.py, for one image each, { shape: [channels, height, width], data } ------------------- */

const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);

function psnr(clean, restored) {
  const error = clean.data.reduce((sum, value, place) => sum + (value - restored.data[place]) ** 2, 0);
  return -10 * Math.log10(error / clean.data.length);
}

// Place of a pixel that may lie outside of a row of `length`, which is continued as "reflect" of scipy does: d c b a |
// a b c d | d c b a; "nearest" repeats the outermost pixel.
const EDGES = {
  reflect: (place, length) => {
    const period = ((place % (2 * length)) + 2 * length) % (2 * length);
    return period < length ? period : 2 * length - 1 - period;
  },
  nearest: (place, length) => Math.min(Math.max(place, 0), length - 1),
};

// Each channel filtered along rows and along columns with the same odd kernel.
function separable({ shape: [channels, height, width], data }, kernel, edge) {
  const radius = (kernel.length - 1) / 2;
  const pass = (from, length, step) => {
    const result = new Float64Array(from.length);
    for (let place = 0; place < from.length; place++) {
      const at = Math.floor(place / step) % length, start = place - at * step;
      for (let k = -radius; k <= radius; k++) result[place] += kernel[k + radius] * from[start + EDGES[edge](at + k, length) * step];
    }
    return result;
  };
  return pass(pass(data, height, width), width, 1);
}

function gaussianKernel(sigma, radius) {
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, place) => Math.exp(-((place - radius) ** 2) / (2 * sigma ** 2)));
  const sum = sumOf(kernel);
  return kernel.map((value) => value / sum);
}

const WINDOWS = {
  uniform7: { kernel: new Array(7).fill(1 / 7), factor: 49 / 48, cropped: true },
  gaussian11: { kernel: gaussianKernel(1.5, 5), factor: 1, cropped: true },
  gaussian11_full: { kernel: gaussianKernel(1.5, 5), factor: 1, cropped: false },
};

// Wang et al. (2004), equation 13, with K1 = 0.01 and K2 = 0.03 and a range of 1.
function ssim(clean, restored, variant) {
  const { kernel, factor, cropped } = WINDOWS[variant], { shape } = clean, [, height, width] = shape;
  const mean = (value) => separable({ shape, data: clean.data.map((x, place) => value(x, restored.data[place])) }, kernel, "reflect");
  const mx = mean((x) => x), my = mean((_, y) => y), squares = mean((x, y) => x * x + y * y), products = mean((x, y) => x * y);
  const c1 = 0.01 ** 2, c2 = 0.03 ** 2, edge = cropped ? (kernel.length - 1) / 2 : 0;
  let sum = 0, count = 0;
  mx.forEach((x, place) => {
    const row = Math.floor(place / width) % height, column = place % width, y = my[place];
    if (row < edge || row >= height - edge || column < edge || column >= width - edge) return;
    const variances = factor * (squares[place] - x * x - y * y), covariance = factor * (products[place] - x * y);
    sum += ((2 * x * y + c1) * (2 * covariance + c2)) / ((x * x + y * y + c1) * (variances + c2));
    count++;
  });
  return sum / count;
}

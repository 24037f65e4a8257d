/* Filters: the classical denoisers of the package baselines -----------------------------------------------------------
   Each takes an image { shape: [channels, height, width], data } and the parameters that the study chose, and returns
   numbers. A filter that is not here stands beside no network: Python reads the names from this file. */

const FILTERS = {
  "gaussian": (image, { sigma }) => separable(image, gaussianKernel(sigma, Math.floor(4 * sigma + 0.5)), "nearest"),
  "median": (image, { size: edge }) => {
    const [, height, width] = image.shape, radius = (edge - 1) / 2, { nearest } = EDGES;
    return image.data.map((_, place) => {
      const column = place % width, row = Math.floor(place / width) % height, start = place - row * width - column;
      const found = [];
      for (let dy = -radius; dy <= radius; dy++) {
        for (let dx = -radius; dx <= radius; dx++) {
          found.push(image.data[start + nearest(row + dy, height) * width + nearest(column + dx, width)]);
        }
      }
      return found.sort((a, b) => a - b)[(found.length - 1) / 2];
    });
  },
  "tv": (image, { weight }) => eachChannel(image, (plane, height, width) => totalVariation(plane, height, width, weight)),
  "nlm": nonLocalMeans,
  "wavelet": (image, { levels, sigma }) => eachChannel(image, (plane, height, width) => shrunk(plane, height, width, levels, sigma)),
};

const FILTER_NAMES = {
  gaussian: "Gaussian blur", median: "median filter", tv: "total variation", nlm: "non-local means", wavelet: "wavelet shrinkage",
};

// A filter of a study as it is used: with its affine correction, cut off at 0 and 1.
function filtered(image, { filter, parameters, a, b }) {
  const data = FILTERS[filter](image, parameters).map((value) => Math.min(Math.max(a * value + b, 0), 1));
  return { shape: image.shape, data };
}

function eachChannel({ shape: [channels, height, width], data }, change) {
  const result = new Float64Array(data.length), area = height * width;
  for (let channel = 0; channel < channels; channel++) {
    result.set(change(data.subarray(channel * area, (channel + 1) * area), height, width), channel * area);
  }
  return result;
}

// Chambolle's projection algorithm (2004), with the constants of baselines/tv.py.
function totalVariation(noisy, height, width, weight) {
  const step = 0.25, tolerance = 2e-4, iterations = 200, area = height * width;
  const down = new Float64Array(area), right = new Float64Array(area), out = new Float64Array(area);
  let first = 0, previous = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    let energy = 0;
    for (let place = 0; place < area; place++) {
      let correction = -down[place] - right[place];
      if (place >= width) correction += down[place - width];
      if (place % width) correction += right[place - 1];
      out[place] = noisy[place] + correction;
      energy += correction * correction;
    }
    for (let place = 0; place < area; place++) {
      const dy = place < area - width ? out[place + width] - out[place] : 0;
      const dx = (place + 1) % width ? out[place + 1] - out[place] : 0;
      const slope = Math.sqrt(dy * dy + dx * dx), shrink = 1 + (step / weight) * slope;
      energy += weight * slope;
      down[place] = (down[place] - step * dy) / shrink;
      right[place] = (right[place] - step * dx) / shrink;
    }
    energy /= area;
    if (iteration === 0) first = energy;
    else if (Math.abs(previous - energy) < tolerance * first) break;
    previous = energy;
  }
  return out;
}

// The mean over pixels whose surroundings look alike, channels together (Buades, Coll and Morel, 2005), with distances
// of patches as Darbon et al. (2008) and scikit-image compute them, and the constants of baselines/nlm.py.
function nonLocalMeans({ shape, data }, { h, sigma }) {
  const patch = 5, reach = 4, cutOff = 5, radius = (patch - 1) / 2, pad = radius + reach + 1;
  const [channels, height, width] = shape, area = height * width;
  const mirror = (place, length) => {
    const period = 2 * (length - 1), inside = ((place % period) + period) % period;
    return inside < length ? inside : period - inside;
  };
  const columns = width + 2 * pad, rows = height + 2 * pad, padded = [];
  for (let channel = 0; channel < channels; channel++) {
    const plane = new Float64Array(rows * columns);
    for (let place = 0; place < plane.length; place++) {
      const row = mirror(Math.floor(place / columns) - pad, height), column = mirror((place % columns) - pad, width);
      plane[place] = data[channel * area + row * width + column];
    }
    padded.push(plane);
  }
  const sums = padded.map((plane) => new Float64Array(plane.length)), weights = new Float64Array(rows * columns);
  const scale = channels * h * h * patch * patch;
  for (let down = -reach; down <= reach; down++) {
    for (let right = down > 0 ? 0 : 1; right <= reach; right++) pairs(down, right);
  }
  pairs(0, 0);

  function add(to, from, weight) {
    weights[to] += weight;
    padded.forEach((plane, channel) => { sums[channel][to] += weight * plane[from]; });
  }

  // All pairs of pixels that lie (down, right) apart.
  function pairs(down, right) {
    const shift = down * columns + right, squares = new Float64Array(rows * columns);
    for (let row = Math.max(0, -down); row < Math.min(rows, rows - down); row++) {
      for (let column = 0; column < columns - right; column++) {
        const place = row * columns + column;
        for (const plane of padded) squares[place] += (plane[place] - plane[place + shift]) ** 2 - 2 * sigma * sigma;
      }
    }
    for (let row = radius + Math.max(0, -down); row < rows - radius - Math.max(0, down); row++) {
      for (let column = radius; column < columns - radius - right; column++) {
        let distance = 0; // over an even window, as scikit-image takes it
        for (let y = row - radius + 1; y <= row + radius; y++) {
          for (let x = column - radius + 1; x <= column + radius; x++) distance += squares[y * columns + x];
        }
        distance = Math.max(distance, 0) / scale;
        if (distance > cutOff) continue;
        const weight = fastExponential(-distance), one = row * columns + column;
        add(one, one + shift, weight);
        if (shift) add(one + shift, one, weight);
      }
    }
  }
  return Float64Array.from(data, (_, place) => {
    const row = Math.floor(place / width) % height, at = (row + pad) * columns + (place % width) + pad;
    return sums[Math.floor(place / area)][at] / weights[at];
  });
}

// Schraudolph, "A fast, compact approximation of the exponential function", Neural Computation 11 (1999), which
// scikit-image uses: the power of two is written into the exponent of a float, the rest into its fraction.
const double = new DataView(new ArrayBuffer(8));
function fastExponential(x) {
  double.setInt32(0, Math.trunc(x * 2 ** 20 / Math.LN2) + 1023 * 2 ** 20 - 60801);
  return double.getFloat64(0);
}

/* Wavelet shrinkage: as in baselines/wavelet.py, Daubechies' wavelet with two vanishing moments ---------------------- */

const ROOT3 = Math.sqrt(3);
const LOW = [1 - ROOT3, 3 - ROOT3, 3 + ROOT3, 1 + ROOT3].map((value) => value / (4 * Math.SQRT2));
const HIGH = LOW.map((_, place) => (place % 2 ? 1 : -1) * LOW[3 - place]);

// A row taken apart: every second number of its convolution with a filter, continued by reflection at its ends.
function decimated(row, filter) {
  const count = Math.floor((row.length + filter.length - 1) / 2);
  return Array.from({ length: count }, (_, place) =>
    sumOf(filter.map((factor, k) => factor * row[EDGES.reflect(2 * place + 1 - k, row.length)])));
}

// The inverse, from both halves.
function joined(low, high) {
  return Array.from({ length: 2 * low.length - LOW.length + 2 }, (_, place) => {
    let sum = 0;
    for (let k = 0; k < LOW.length; k++) {
      const from = place + LOW.length - 2 - k;
      if (from % 2 === 0 && from / 2 < low.length) {
        sum += LOW[LOW.length - 1 - k] * low[from / 2] + HIGH[LOW.length - 1 - k] * high[from / 2];
      }
    }
    return sum;
  });
}

const turned = (rows) => rows[0].map((_, column) => rows.map((row) => row[column]));

// A plane with the details of `levels` decompositions shrunk, for noise of standard deviation `sigma`.
function shrunk(plane, height, width, levels, sigma) {
  const rows = Array.from({ length: height }, (_, row) => [...plane.subarray(row * width, (row + 1) * width)]);
  return Float64Array.from(withoutNoise(rows, levels, sigma).slice(0, height).flatMap((row) => row.slice(0, width)));
}

function withoutNoise(rows, levels, sigma) {
  if (levels === 0) return rows;
  const across = [LOW, HIGH].map((filter) => turned(rows.map((row) => decimated(row, filter))));
  const [[ll, lh], [hl, hh]] = across.map((columns) => [LOW, HIGH].map((filter) => turned(columns.map((column) => decimated(column, filter)))));
  const deeper = withoutNoise(ll, levels - 1, sigma).slice(0, ll.length).map((row) => row.slice(0, ll[0].length));
  const bands = [[deeper, softened(lh, sigma)], [softened(hl, sigma), softened(hh, sigma)]];
  const [low, high] = bands.map((halves) => turned(bothJoined(...halves.map(turned))));
  return bothJoined(low, high);
}

const bothJoined = (low, high) => low.map((row, place) => joined(row, high[place]));

// Soft threshold of a band: Chang, Yu and Vetterli (2000).
function softened(band, sigma) {
  const values = band.flat(), power = sumOf(values.map((value) => value * value)) / values.length;
  const threshold = sigma ** 2 / Math.sqrt(Math.max(power - sigma ** 2, 2 ** -23)); // numpy's epsilon of float32
  return band.map((row) => row.map((value) => Math.sign(value) * Math.max(Math.abs(value) - threshold, 0)));
}

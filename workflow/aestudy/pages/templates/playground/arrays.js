/* Arrays --------------------------------------------------------------------------------------------------------------
   A tensor is { shape, data }: sizes of its axes, and its numbers as a Float64Array in row-major order. */

const size = (shape) => shape.reduce((product, length) => product * length, 1);
const axis = (dim, rank) => (dim < 0 ? dim + rank : dim);

// How far apart in `data` neighbours along each axis are.
function strides(shape) {
  const found = new Array(shape.length);
  let step = 1;
  for (let place = shape.length - 1; place >= 0; place--) {
    found[place] = step;
    step *= shape[place];
  }
  return found;
}

// Numbers of an array of `shape`, read from `data` with a stride for each axis.
function gather(data, shape, steps, start = 0) {
  const result = new Float64Array(size(shape)), last = shape.length - 1;
  if (last < 0) return Float64Array.of(data[start]);
  const index = new Array(shape.length).fill(0);
  for (let place = 0, from = start; place < result.length;) {
    for (let step = 0; step < shape[last]; step++) result[place++] = data[from + step * steps[last]];
    for (let dim = last - 1; dim >= 0; dim--) {
      from += steps[dim];
      if (++index[dim] < shape[dim]) break;
      from -= steps[dim] * shape[dim];
      index[dim] = 0;
    }
  }
  return result;
}

// A tensor, or a number, repeated along the axes that it lacks or has once.
function expanded(value, shape) {
  if (typeof value === "number") return new Float64Array(size(shape)).fill(value);
  if (value.data.length === size(shape)) return value.data;
  const lacking = shape.length - value.shape.length, own = strides(value.shape);
  const steps = shape.map((_, dim) => (dim < lacking || value.shape[dim - lacking] === 1 ? 0 : own[dim - lacking]));
  return gather(value.data, shape, steps);
}

const mapped = (change) => ({ self }) => self.data.map(change);

function combined(change) {
  return ({ self, other, alpha = 1 }, shape) => {
    const left = expanded(self, shape), right = expanded(other, shape);
    return left.map((value, place) => change(value, right[place], alpha));
  };
}

// Adds to the matrix `result` (rows, columns) the product of `left` (rows, inner) and `right` (inner, columns), each from
// a place on. Four products at a time, over rows as long as they are, are what engines compute fastest.
function multiply(left, leftFrom, right, rightFrom, result, resultFrom, rows, inner, columns) {
  for (let k = 0; k < inner; k += 4) {
    const count = Math.min(4, inner - k), first = rightFrom + k * columns;
    const second = count > 1 ? first + columns : first, third = count > 2 ? second + columns : first;
    const fourth = count > 3 ? third + columns : first;
    for (let row = 0; row < rows; row++) {
      const from = leftFrom + row * inner + k, to = resultFrom + row * columns, a = left[from];
      const b = count > 1 ? left[from + 1] : 0, c = count > 2 ? left[from + 2] : 0, d = count > 3 ? left[from + 3] : 0;
      for (let column = 0; column < columns; column++) {
        result[to + column] += a * right[first + column] + b * right[second + column]
          + c * right[third + column] + d * right[fourth + column];
      }
    }
  }
}

// Products of the matrices in the last two axes; what lies before these is repeated where it is lacking.
function matrices(left, right, shape) {
  const [rows, columns] = shape.slice(-2), batch = shape.slice(0, -2), inner = left.shape.at(-1);
  const a = expanded(left, [...batch, rows, inner]), b = expanded(right, [...batch, inner, columns]);
  const result = new Float64Array(size(shape));
  for (let item = 0; item < size(batch); item++) {
    multiply(a, item * rows * inner, b, item * inner * columns, result, item * rows * columns, rows, inner, columns);
  }
  return result;
}

// Each group of numbers along one axis, changed in place by `change(read, write, length)`.
function along({ shape, data }, dim, change) {
  const result = Float64Array.from(data), length = shape[dim], step = strides(shape)[dim];
  for (let start = 0; start < data.length; start++) {
    if (Math.floor(start / step) % length) continue;
    change((place) => result[start + place * step], (place, value) => { result[start + place * step] = value; }, length);
  }
  return result;
}

function softmax(tensor, dim) {
  return along(tensor, axis(dim, tensor.shape.length), (read, write, length) => {
    let most = -Infinity, sum = 0;
    for (let place = 0; place < length; place++) most = Math.max(most, read(place));
    for (let place = 0; place < length; place++) {
      const value = Math.exp(read(place) - most);
      write(place, value);
      sum += value;
    }
    for (let place = 0; place < length; place++) write(place, read(place) / sum);
  });
}

// Blocks of `length` numbers brought to mean 0 and variance 1.
function normalised(data, length, eps) {
  const result = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += length) {
    const block = data.subarray(start, start + length);
    const mean = block.reduce((sum, value) => sum + value, 0) / length;
    const variance = block.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
    for (let place = 0; place < length; place++) result[start + place] = (block[place] - mean) / Math.sqrt(variance + eps);
  }
  return result;
}

// A factor and an offset for each channel of (n, channels, ...).
function perChannel(data, shape, factor, offset) {
  const area = size(shape.slice(2));
  return data.map((value, place) => {
    const channel = Math.floor(place / area) % shape[1];
    return value * factor(channel) + offset(channel);
  });
}

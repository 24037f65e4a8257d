/* A network: its values in the order in which they are computed -------------------------------------------------------
   Written by playground.trace and playground.packing. A value is an input { input }, a constant { shape, bits, ... },
   or the result of an operation { operation, tensors, options, shape }, whose tensors are numbers of earlier values. */

function bytes(text) {
  const signs = atob(text), result = new Uint8Array(signs.length);
  for (let place = 0; place < signs.length; place++) result[place] = signs.charCodeAt(place);
  return result;
}

const floats = (text) => Float64Array.from(new Float32Array(bytes(text).buffer));

// A constant: floats, or, in as many rows as there are factors, whole numbers of `bits` bits, one after the other and
// the lowest bit first. Half of their range stands for zero.
function constant({ shape, bits, values, factors }) {
  if (!bits) return { shape, data: floats(values) };
  const packed = bytes(values), perRow = floats(factors), data = new Float64Array(size(shape));
  const middle = 2 ** (bits - 1), lowest = 2 ** bits - 1, row = data.length / perRow.length;
  let held = 0, filled = 0, next = 0;
  for (let start = 0, at = 0; start < data.length; start += row, at++) {
    for (let place = start; place < start + row; place++) {
      while (filled < bits) {
        held |= packed[next++] << filled;
        filled += 8;
      }
      data[place] = ((held & lowest) - middle) * perRow[at];
      held >>>= bits;
      filled -= bits;
    }
  }
  return { shape, data };
}

// A network ready to compute: (inputs by name, as tensors) -> the restored image, a tensor.
function prepared(values) {
  const constants = values.map((value) => ("values" in value ? constant(value) : null));
  return (inputs) => {
    const results = [...constants];
    values.forEach((value, place) => {
      if (value.input) results[place] = inputs[value.input];
      else if (value.operation) {
        const given = { ...value.options };
        for (const [name, numbers] of Object.entries(value.tensors)) {
          given[name] = Array.isArray(numbers) ? numbers.map((number) => results[number]) : results[numbers];
        }
        results[place] = { shape: value.shape, data: OPERATIONS[value.operation](given, value.shape) };
      }
    });
    return results.at(-1);
  };
}

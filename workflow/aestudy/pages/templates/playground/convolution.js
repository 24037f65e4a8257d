/* Convolutions of images (1, channels, height, width) --------------------------------------------------------------- */

const pair = (value) => (typeof value === "number" ? [value, value] : value.length === 1 ? [value[0], value[0]] : value);

// Calls visit(place in the image, place in the patches, how many, their distance in the image) for what a kernel sees of
// an image: the patches are a matrix with a row for each channel and place of the kernel, and a column for each place
// that the kernel is put to. Pixels outside the image are left out.
function visitPatches([channels, height, width], [kernelHeight, kernelWidth], [outHeight, outWidth], given, visit) {
  const [sy, sx] = pair(given.stride ?? 1), [py, px] = pair(given.padding ?? 0), [ey, ex] = pair(given.dilation ?? 1);
  let row = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let ky = 0; ky < kernelHeight; ky++) {
      for (let kx = 0; kx < kernelWidth; kx++, row++) {
        const dy = ky * ey - py, dx = kx * ex - px;
        const first = Math.max(0, Math.ceil(-dx / sx)), last = Math.min(outWidth - 1, Math.floor((width - 1 - dx) / sx));
        for (let y = 0; y < outHeight; y++) {
          const line = y * sy + dy;
          if (line < 0 || line >= height || last < first) continue;
          visit((channel * height + line) * width + first * sx + dx, (row * outHeight + y) * outWidth + first, last - first + 1, sx);
        }
      }
    }
  }
}

function filledWithBias(shape, bias) {
  const result = new Float64Array(size(shape)), area = shape[2] * shape[3];
  if (bias) bias.data.forEach((value, output) => result.fill(value, output * area, (output + 1) * area));
  return result;
}

// The kernels, as a matrix, times the patches of the image.
function convolve({ input, weight, bias, groups = 1, ...given }, shape) {
  const [, , height, width] = input.shape, [, outputs, outHeight, outWidth] = shape;
  const [, perGroup, ...kernel] = weight.shape, result = filledWithBias(shape, bias);
  const inner = perGroup * size(kernel), area = outHeight * outWidth, rows = outputs / groups;
  for (let group = 0; group < groups; group++) {
    const patches = new Float64Array(inner * area), start = group * perGroup * height * width;
    visitPatches([perGroup, height, width], kernel, [outHeight, outWidth], given, (pixel, place, count, step) => {
      for (let k = 0; k < count; k++) patches[place + k] = input.data[start + pixel + k * step];
    });
    multiply(weight.data, group * rows * inner, patches, 0, result, group * rows * area, rows, inner, area);
  }
  return result;
}

// The transpose of that: the patches are the product, and are added up to an image.
function convolveTransposed({ input, weight, bias, groups = 1, ...given }, shape) {
  const [, channels, height, width] = input.shape, [, , outHeight, outWidth] = shape;
  const [, perGroup, ...kernel] = weight.shape, result = filledWithBias(shape, bias);
  const rows = perGroup * size(kernel), area = height * width, inner = channels / groups;
  for (let group = 0; group < groups; group++) {
    const across = gather(weight.data, [rows, inner], [1, rows], group * inner * rows), patches = new Float64Array(rows * area);
    multiply(across, 0, input.data, group * inner * area, patches, 0, rows, inner, area);
    const start = group * perGroup * outHeight * outWidth;
    visitPatches([perGroup, outHeight, outWidth], kernel, [height, width], given, (pixel, place, count, step) => {
      for (let k = 0; k < count; k++) result[start + pixel + k * step] += patches[place + k];
    });
  }
  return result;
}

// For each window `add` of all its numbers, one after the other, from `start` on; those outside the image are left out.
// `finish` is given the result, how many they were, and how many places lie within the image and its padding.
function pool({ self, kernel_size, stride, padding = 0, dilation = 1 }, shape, start, add, finish) {
  const [, channels, height, width] = self.shape, [, , outHeight, outWidth] = shape;
  const kernel = pair(kernel_size), [sy, sx] = pair(stride?.length ? stride : kernel), [py, px] = pair(padding);
  const [ey, ex] = pair(dilation), result = new Float64Array(size(shape));
  const inside = (from, length, limit, pad) => Math.min(from + length, limit + pad) - from;
  for (let channel = 0, place = 0; channel < channels; channel++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++, place++) {
        const top = y * sy - py, left = x * sx - px;
        let value = start, count = 0;
        for (let ky = 0; ky < kernel[0]; ky++) {
          for (let kx = 0; kx < kernel[1]; kx++) {
            const row = top + ky * ey, column = left + kx * ex;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            value = add(value, self.data[(channel * height + row) * width + column]);
            count++;
          }
        }
        result[place] = finish(value, count, inside(top, kernel[0], height, py) * inside(left, kernel[1], width, px));
      }
    }
  }
  return result;
}

function enlarged({ input }, shape) {
  const [, channels, height, width] = input.shape, [, , outHeight, outWidth] = shape;
  const result = new Float64Array(size(shape));
  for (let channel = 0, place = 0; channel < channels; channel++) {
    for (let y = 0; y < outHeight; y++) {
      const row = (channel * height + Math.floor(y * height / outHeight)) * width;
      for (let x = 0; x < outWidth; x++) result[place++] = input.data[row + Math.floor(x * width / outWidth)];
    }
  }
  return result;
}

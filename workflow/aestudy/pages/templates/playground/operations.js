/* Operations of torch -------------------------------------------------------------------------------------------------
   Each by the name that torch.export gives it. An operation is called with its arguments by the names that torch's
   schema has for them (tensors as { shape, data }, all others as in JSON) and with the shape of its result, and returns
   the numbers of that. A network that needs one that is not here is not offered: Python reads the names from this file
   (playground.trace), so that an operation is added here and nowhere else. */

const sameNumbers = ({ self, input }) => (self ?? input).data;

const OPERATIONS = {
  "aten.conv2d.default": convolve,
  "aten.conv_transpose2d.input": convolveTransposed,
  "aten.linear.default": ({ input, weight, bias }, shape) => {
    const inner = weight.shape[1], outputs = weight.shape[0], result = new Float64Array(size(shape));
    for (let place = 0; place < result.length; place++) {
      const row = (place % outputs) * inner, from = Math.floor(place / outputs) * inner;
      let sum = bias ? bias.data[place % outputs] : 0;
      for (let k = 0; k < inner; k++) sum += weight.data[row + k] * input.data[from + k];
      result[place] = sum;
    }
    return result;
  },
  "aten.matmul.default": ({ self, other }, shape) => matrices(self, other, shape),
  "aten.bmm.default": ({ self, mat2 }, shape) => matrices(self, mat2, shape),

  "aten.relu.default": mapped((value) => Math.max(value, 0)),
  "aten.relu_.default": mapped((value) => Math.max(value, 0)),
  "aten.leaky_relu.default": ({ self, negative_slope = 0.01 }) =>
    self.data.map((value) => (value < 0 ? negative_slope * value : value)),
  "aten.silu.default": mapped((value) => value / (1 + Math.exp(-value))),
  "aten.gelu.default": ({ self, approximate }) => self.data.map(approximate === "tanh"
    ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    : (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2))),
  "aten.sigmoid.default": mapped((value) => 1 / (1 + Math.exp(-value))),
  "aten.tanh.default": mapped(Math.tanh),
  "aten.exp.default": mapped(Math.exp),
  "aten.sqrt.default": mapped(Math.sqrt),
  "aten.neg.default": mapped((value) => -value),
  "aten.clamp.default": ({ self, min, max }) =>
    self.data.map((value) => Math.min(Math.max(value, min ?? -Infinity), max ?? Infinity)),

  "aten.add.Tensor": combined((left, right, alpha) => left + alpha * right),
  "aten.add_.Tensor": combined((left, right, alpha) => left + alpha * right),
  "aten.sub.Tensor": combined((left, right, alpha) => left - alpha * right),
  "aten.rsub.Scalar": combined((left, right, alpha) => right - alpha * left),
  "aten.mul.Tensor": combined((left, right) => left * right),
  "aten.div.Tensor": combined((left, right) => left / right),

  "aten.max_pool2d.default": (given, shape) => pool(given, shape, -Infinity, Math.max, (value) => value),
  "aten.avg_pool2d.default": (given, shape) => pool(given, shape, 0, (sum, value) => sum + value, (sum, count, places) =>
    sum / (given.divisor_override ?? (given.count_include_pad === false ? count : places))),
  "aten.upsample_nearest2d.vec": enlarged,
  "aten.mean.dim": ({ self, dim }, shape) => {
    const dims = (dim ?? self.shape.keys()).map((each) => axis(each, self.shape.length));
    const kept = self.shape.map((length, each) => (dims.includes(each) ? 1 : length)), steps = strides(kept);
    const result = new Float64Array(size(shape)), own = strides(self.shape), share = result.length / self.data.length;
    self.data.forEach((value, place) => {
      const to = own.reduce((sum, step, each) =>
        sum + (kept[each] > 1 ? steps[each] * (Math.floor(place / step) % kept[each]) : 0), 0);
      result[to] += value * share;
    });
    return result;
  },

  "aten.batch_norm.default": ({ input, weight, bias, running_mean, running_var, eps }, shape) => {
    const factor = (channel) => (weight ? weight.data[channel] : 1) / Math.sqrt(running_var.data[channel] + eps);
    const offset = (channel) => (bias ? bias.data[channel] : 0) - running_mean.data[channel] * factor(channel);
    return perChannel(input.data, shape, factor, offset);
  },
  "aten.layer_norm.default": ({ input, normalized_shape, weight, bias, eps = 1e-5 }) => {
    const length = size(normalized_shape), result = normalised(input.data, length, eps);
    return result.map((value, place) => value * (weight ? weight.data[place % length] : 1) + (bias ? bias.data[place % length] : 0));
  },
  "aten.group_norm.default": ({ input, num_groups, weight, bias, eps = 1e-5 }, shape) => perChannel(
    normalised(input.data, input.data.length / shape[0] / num_groups, eps), shape,
    (channel) => (weight ? weight.data[channel] : 1), (channel) => (bias ? bias.data[channel] : 0)),

  "aten.softmax.int": ({ self, dim }) => softmax(self, dim),
  "aten.scaled_dot_product_attention.default": ({ query, key, value, attn_mask, is_causal, scale }, shape) => {
    const [rows, columns] = [query.shape.at(-2), key.shape.at(-2)], weighted = [...shape.slice(0, -1), columns];
    const turned = OPERATIONS["aten.transpose.int"]({ self: key, dim0: -2, dim1: -1 });
    const turnedShape = [...key.shape.slice(0, -2), key.shape.at(-1), columns];
    const mask = attn_mask && expanded(attn_mask, weighted), factor = scale ?? 1 / Math.sqrt(query.shape.at(-1));
    const scores = matrices(query, { shape: turnedShape, data: turned }, weighted).map((score, place) => {
      const hidden = is_causal && place % columns > Math.floor(place / columns) % rows;
      return hidden ? -Infinity : score * factor + (mask ? mask[place] : 0);
    });
    return matrices({ shape: weighted, data: softmax({ shape: weighted, data: scores }, -1) }, value, shape);
  },

  "aten.cat.default": ({ tensors, dim = 0 }, shape) => {
    const along = axis(dim, shape.length), after = size(shape.slice(along + 1)), result = new Float64Array(size(shape));
    const whole = shape[along] * after;
    let start = 0;
    for (const { shape: own, data } of tensors) {
      const block = own[along] * after;
      for (let from = 0, to = start; from < data.length; from += block, to += whole) result.set(data.subarray(from, from + block), to);
      start += block;
    }
    return result;
  },
  "aten.permute.default": ({ self, dims }) => {
    const steps = strides(self.shape), order = dims.map((dim) => axis(dim, dims.length));
    return gather(self.data, order.map((dim) => self.shape[dim]), order.map((dim) => steps[dim]));
  },
  "aten.transpose.int": ({ self, dim0, dim1 }) => {
    const dims = [...self.shape.keys()], [first, second] = [dim0, dim1].map((dim) => axis(dim, dims.length));
    [dims[first], dims[second]] = [second, first];
    return OPERATIONS["aten.permute.default"]({ self, dims });
  },
  "aten.slice.Tensor": ({ self, dim = 0, start, step = 1 }, shape) => {
    const along = axis(dim, shape.length), length = self.shape[along], steps = strides(self.shape);
    const first = Math.min(Math.max((start ?? 0) < 0 ? start + length : start ?? 0, 0), length);
    return gather(self.data, shape, steps.map((own, each) => (each === along ? own * step : own)), first * steps[along]);
  },
  "aten.select.int": ({ self, dim, index }, shape) => {
    const along = axis(dim, self.shape.length), steps = strides(self.shape);
    const start = (index < 0 ? index + self.shape[along] : index) * steps[along];
    return gather(self.data, shape, steps.filter((_, each) => each !== along), start);
  },
  "aten.expand.default": ({ self }, shape) => expanded(self, shape),

  // The same numbers, in another shape or none the less.
  "aten.flatten.using_ints": sameNumbers,
  "aten.unflatten.int": sameNumbers,
  "aten.view.default": sameNumbers,
  "aten.reshape.default": sameNumbers,
  "aten.unsqueeze.default": sameNumbers,
  "aten.squeeze.dim": sameNumbers,
  "aten.squeeze.dims": sameNumbers,
  "aten.contiguous.default": sameNumbers,
  "aten.clone.default": sameNumbers,
  "aten.detach.default": sameNumbers,
  "aten.alias.default": sameNumbers,
  "aten.dropout.default": sameNumbers, // which drops nothing outside of training
};

// Abramowitz and Stegun, "Handbook of mathematical functions" (1964), 7.1.26: right to 1.5e-7.
function errorFunction(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

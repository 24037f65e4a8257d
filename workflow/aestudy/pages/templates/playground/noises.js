/* Noises --------------------------------------------------------------------------------------------------------------
   `strength` is what the slider shows for a level of the configuration, and what networks that take the noise's
   strength are given: its standard deviation. A network trained against a noise that is not here is not offered: Python
   reads the names from this file. */

const NOISES = {
  "gaussian": {
    strength: (variance) => Math.sqrt(variance),
    add: (clean, strength, { clip }, normals) => clean.map((value, place) => {
      const noisy = value + strength * normals[place];
      return clip ? Math.min(Math.max(noisy, 0), 1) : noisy;
    }),
  },
};

// `count` numbers of the standard normal distribution (Box and Muller, 1958), the same for the same seed. They do not
// change with the slider, so that a moving slider makes the same noise weaker or stronger.
function normals(seed, count) {
  const uniform = uniforms(seed);
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}

// Numbers in [0, 1) from a counter whose bits are mixed (the mixing of MurmurHash3, by Austin Appleby).
function uniforms(seed) {
  let counter = seed * 0x9e3779b9;
  return () => {
    let bits = (counter += 0x9e3779b9) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

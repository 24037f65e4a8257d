/* The page: what is chosen decides what is shown; everything is computed and drawn again from it ---------------------- */

const given = JSON.parse(document.getElementById("data").textContent);
const element = Object.fromEntries([...document.querySelectorAll("[id]")].map((node) => [node.id, node]));
const STAGES = ["noisy", "network", "filter"];

const chosen = { network: null, image: null, clean: null, seed: 1 };

/* Text ------------------------------------------------------------------------------------------------------------- */

const fixed = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : value > 0 ? "∞" : "–");
const scored = ({ decibels, similarity }) => `${fixed(decibels, 1)} dB, SSIM ${fixed(similarity, 2)}`;
const sigma = (strength) => `σ = ${strength.toFixed(2)}, variance ${Number((strength ** 2).toPrecision(2))}`;
const rounded = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
const words = ({ filter, parameters, a, b }) =>
  [FILTER_NAMES[filter], ...Object.entries(parameters).map(([name, value]) => `${name} ${rounded(value)}`),
    ...(a === 1 && b === 0 ? [] : [`its result times ${rounded(a)} plus ${rounded(b)}`])].join(", ");

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/* Pictures --------------------------------------------------------------------------------------------------------- */

function paint(canvas, { shape: [channels, height, width], data }) {
  canvas.width = width;
  canvas.height = height;
  const picture = new ImageData(width, height), area = height * width;
  for (let place = 0; place < area; place++) {
    for (let colour = 0; colour < 3; colour++) {
      picture.data[4 * place + colour] = Math.round(255 * data[(channels === 3 ? colour * area : 0) + place]); // clamps
    }
    picture.data[4 * place + 3] = 255;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

const testImage = ({ shape }, pixels) => ({ shape, data: Float64Array.from(bytes(pixels), (value) => value / 255) });
const blank = (shape) => ({ shape, data: new Float64Array(size(shape)) });

/* Computation ------------------------------------------------------------------------------------------------------ */

// All that is shown of an image at a strength of the noise, by stage: tensor and scores. No filter may stand beside a
// network.
function stages(network, clean, strength, seed) {
  const { kind, ...parameters } = network.noise, { shape } = clean;
  const noisy = { shape, data: NOISES[kind].add(clean.data, strength, parameters, normals(seed, clean.data.length)) };
  network.restore ??= prepared(network.values);
  const inputs = { images: { shape: [1, ...shape], data: noisy.data }, level: { shape: [1], data: Float64Array.of(strength) } };
  const found = {
    noisy, network: { shape, data: network.restore(inputs).data },
    filter: network.filter && filtered(noisy, network.filter),
  };
  for (const image of Object.values(found)) {
    if (image) Object.assign(image, { decibels: psnr(clean, image), similarity: ssim(clean, image, given.ssim) });
  }
  return found;
}

let waiting = false, announcement;

// Shows the present choice with the next frame, however often it changed since the last one.
function changed() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    show();
  });
}

function show() {
  const { network, clean, seed } = chosen, strength = Number(element.level.value);
  const found = stages(network, clean, strength, seed);
  element["level-text"].textContent = sigma(strength);
  element.level.setAttribute("aria-valuetext", sigma(strength));
  paint(element.clean, clean);
  for (const stage of STAGES) {
    element[`${stage}-figure`].hidden = !found[stage];
    if (!found[stage]) continue;
    paint(element[stage], found[stage]);
    element[`${stage}-scores`].textContent = scored(found[stage]);
    element[stage].setAttribute("aria-label", `${element[`${stage}-name`].textContent}: ${scored(found[stage])}`);
  }
  clearTimeout(announcement); // a screen reader is told once the slider rests
  announcement = setTimeout(() => {
    const told = STAGES.filter((stage) => found[stage]).map((stage) => `${element[`${stage}-name`].textContent}: ${scored(found[stage])}`);
    element.now.textContent = `Noise ${sigma(strength)}. ${told.join(". ")}.`;
  }, 400);
}

/* Choices ---------------------------------------------------------------------------------------------------------- */

function choose(network) {
  const before = chosen.network;
  chosen.network = network;
  const trained = NOISES[network.noise.kind].strength(network.variance);
  element.level.value = trained;
  element.about.textContent = network.about;
  element["with-filter"].hidden = !network.filter;
  element["without-filter"].hidden = Boolean(network.filter);
  if (network.filter) {
    element["filter-name"].textContent = FILTER_NAMES[network.filter.filter];
    element["filter-about"].textContent = words(network.filter);
  }
  const set = given.images[network.dataset], kept = chosen.clean && size(chosen.clean.shape) === size(set.shape);
  if (before?.dataset !== network.dataset) listImages(set);
  if (!kept || (chosen.image !== null && before?.dataset !== network.dataset)) takeImage(set, 0);
  changed();
}

function listImages(set) {
  element.images.replaceChildren(...set.images.map((image, place) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    paint(canvas, testImage(set, image.pixels));
    const input = make("input", { type: "radio", name: "image", "aria-label": `test image ${image.number}, class ${image.label}` });
    input.addEventListener("change", () => {
      takeImage(set, place);
      changed();
    });
    return make("label", {}, input, canvas);
  }));
}

function takeImage(set, place) {
  chosen.image = place;
  chosen.clean = testImage(set, set.images[place].pixels);
  element.images.querySelectorAll("input")[place].checked = true;
}

// From now on the image is a drawing, and no test image is marked.
function drawing(clean) {
  chosen.clean = clean;
  chosen.image = null;
  for (const input of element.images.querySelectorAll("input:checked")) input.checked = false;
  changed();
}

/* Start ------------------------------------------------------------------------------------------------------------ */

for (const dataset of Object.keys(given.images)) {
  const own = given.networks.map((network, place) => [network, place]).filter(([network]) => network.dataset === dataset);
  element.choice.append(make("optgroup", { label: given.images[dataset].label },
    ...own.map(([network, place]) => make("option", { value: place }, network.name))));
}
element.choice.addEventListener("change", () => choose(given.networks[element.choice.value]));
element.level.addEventListener("input", changed);
element.again.addEventListener("click", () => {
  chosen.seed++;
  changed();
});
const clearBoard = () => drawing(blank(chosen.clean.shape));
element.clear.addEventListener("click", clearBoard);
makeBoard({
  board: element.board, mark: element.pen, image: () => chosen.clean, cleared: clearBoard,
  drawn: () => drawing(chosen.clean), say: (words) => { element["pen-words"].textContent = words; },
});
const most = Math.max(...given.networks.map(({ noise, variance }) => NOISES[noise.kind].strength(variance)));
element.level.max = Math.max(0.7, Math.ceil(100 * most) / 100);
choose(given.networks[element.choice.value]);

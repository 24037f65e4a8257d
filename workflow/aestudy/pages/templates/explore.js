"use strict";
// The choices decide which run is shown; everything on the page is drawn again from it.

const { runs, pictures, labels, looks } = JSON.parse(document.getElementById("data").textContent);
const CHOICES = ["dataset", "model", "latent", "noise", "l1"]; // the ones to the left matter more in the search
const SCORES = { psnr: ["PSNR", "dB", 2], ssim: ["SSIM", "", 3], bce: ["BCE", "nats per pixel", 4] };
const AXES = { latent: "Latent size (units)", noise: "Noise", l1: "L1 weight λ" };
const element = Object.fromEntries(
  [...CHOICES, "score", "axis", "now", "curve", "legend", "values", "ranks", "examples"].map((id) =>
    [id, document.getElementById(id)]));

let run = runs[0];

/* Text ------------------------------------------------------------------------------------------------------------ */

const name = (choice, key) => labels[choice]?.[key] ?? key;
const text = (value, digits) => (value === null ? "–" : value.toFixed(digits).replace("-", "−"));
const scored = (score, value) => `${SCORES[score][0]} ${text(value, SCORES[score][2])} ${SCORES[score][1]}`.trim();
const spoken = (choice, value) => (choice === "dataset" || choice === "model" ? name(choice, value) : String(value));

function describe() {
  const settings = [name("dataset", run.dataset), name("model", run.model), `latent ${run.latent}`, `noise: ${run.noise}`];
  if (run.l1) settings.push(`λ = ${run.l1}`);
  const results = Object.keys(SCORES).map((score) => scored(score, run.scores[score][0]));
  if (run.noisy.psnr !== null) results.push(`noisy input ${text(run.noisy.psnr, 2)} dB`);
  return `${settings.join(", ")}. ${results.join(", ")}.`;
}

/* Elements -------------------------------------------------------------------------------------------------------- */

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/* Choices --------------------------------------------------------------------------------------------------------- */

// Values in configured order; sizes and weights ascending, noises one after another with their levels ascending.
const kinds = ["none", ...new Set(runs.map((each) => each.kind).filter((kind) => kind !== "none"))];
function values(choice) {
  const found = new Map(runs.map((each) => [String(each[choice]), each]));
  const entries = [...found];
  if (choice === "noise") {
    entries.sort(([, a], [, b]) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.level - b.level);
  } else if (choice !== "dataset" && choice !== "model") {
    entries.sort(([, a], [, b]) => a[choice] - b[choice]);
  }
  return entries.map(([value]) => value);
}

function fill(choice) {
  element[choice].replaceChildren(
    ...values(choice).map((value) => make("option", { value }, spoken(choice, value))));
}

// The run with the wanted value that agrees with the present one in most, and in the more important, choices.
function nearest(choice, value) {
  const others = CHOICES.filter((other) => other !== choice);
  const agreement = (each) => others.reduce((sum, other, place) =>
    sum + (each[other] === run[other] ? 2 ** (others.length - place) : 0), 0);
  return runs.filter((each) => String(each[choice]) === value)
    .reduce((best, each) => (agreement(each) > agreement(best) ? each : best));
}

/* Curve ----------------------------------------------------------------------------------------------------------- */

// Runs that differ from the present one in the axis and the model alone, as lines by model.
function lines(axis) {
  const fixed = CHOICES.filter((choice) => choice !== axis && choice !== "model");
  const along = runs.filter((each) => fixed.every((choice) => each[choice] === run[choice]) && sameKind(each, axis));
  return [...new Set(runs.map((each) => each.model))].map((model, place) => ({
    model, colour: looks[place % looks.length], shape: place, runs: along.filter((each) => each.model === model),
  })).filter((line) => line.runs.length);
}

const sameKind = (each, axis) =>
  axis !== "noise" || run.kind === "none" || each.kind === "none" || each.kind === run.kind;

// The curve runs along what was changed last; where nothing varies along that, along what has the most values.
function settleAxis(changed) {
  const points = (axis) => lines(axis).find((line) => line.model === run.model).runs.length;
  if (changed in AXES && points(changed) > 1) element.axis.value = changed;
  if (points(element.axis.value) < 2) {
    element.axis.value = Object.keys(AXES).reduce((best, axis) => (points(axis) > points(best) ? axis : best));
  }
}

// What the lines are compared with, one point per place on the axis.
function references(found, axis, score) {
  const all = found.flatMap((line) => line.runs);
  const points = (value) => all.map((each) => [String(each[axis]), value(each), each.baseline?.name])
    .filter(([, y]) => y != null);
  return [
    { label: "noisy input", dash: "2 3", points: points((each) => each.noisy[score]).map(([x, y]) => [x, y, ""]) },
    { label: "best without a network", dash: "7 3", points: points((each) => each.baseline?.[score]) },
  ].filter((reference) => reference.points.length);
}

const SHAPES = [
  (x, y) => draw("circle", { cx: x, cy: y, r: 4.5 }),
  (x, y) => draw("rect", { x: x - 4, y: y - 4, width: 8, height: 8 }),
  (x, y) => draw("path", { d: `M${x} ${y - 5.5}l5 9h-10z` }),
  (x, y) => draw("path", { d: `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z` }),
];
const marker = (line, x, y) => {
  const node = SHAPES[line.shape % SHAPES.length](x, y);
  node.setAttribute("fill", line.colour);
  return node;
};

// Round steps that give about `count` ticks between low and high.
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const found = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step) found.push(tick);
  return { found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

function drawCurve() {
  const axis = element.axis.value, score = element.score.value, [title, unit] = SCORES[score];
  const found = lines(axis), compared = references(found, axis, score);
  const places = values(axis).filter((value) => found.some((line) => line.runs.some((r) => String(r[axis]) === value)));
  const width = Math.max(280, element.curve.clientWidth), height = 300;
  const box = { left: 58, right: width - 14, top: 26, bottom: height - 48 };

  const ys = [...found.flatMap((line) => line.runs.flatMap((r) => r.scores[score])),
    ...compared.flatMap((reference) => reference.points.map(([, y]) => y))].filter((y) => y !== null);
  const least = { psnr: 1, ssim: 0.05, bce: 0.02 }[score]; // so that trifles do not look large
  const spread = Math.max(Math.max(...ys) - Math.min(...ys), least);
  const middle = (Math.max(...ys) + Math.min(...ys)) / 2;
  const low = middle - 0.58 * spread, high = middle + 0.58 * spread;
  const xOf = (value) => box.left + (box.right - box.left) * (places.indexOf(value) + 0.5) / places.length;
  const yOf = (y) => box.bottom - (box.bottom - box.top) * (y - low) / (high - low);

  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label":
    `${title} against ${AXES[axis]}, ${found.map((line) => name("model", line.model)).join(" and ")}; the table below has the values` });
  const scale = ticks(low, high, 5);
  for (const tick of scale.found) {
    svg.append(draw("line", { x1: box.left, x2: box.right, y1: yOf(tick), y2: yOf(tick), stroke: "#ddd" }),
      draw("text", { x: box.left - 8, y: yOf(tick) + 4, "text-anchor": "end" }, text(tick, scale.digits)));
  }
  svg.append(draw("line", { x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom, stroke: "#444" }),
    draw("text", { x: 4, y: 14 }, unit ? `${title} (${unit})` : title),
    draw("text", { x: (box.left + box.right) / 2, y: height - 8, "text-anchor": "middle" }, AXES[axis]));
  for (const value of places) {
    svg.append(draw("text", { x: xOf(value), y: box.bottom + 18, "text-anchor": "middle" }, shortly(value, places.length, width)));
  }
  for (const { points, dash } of compared) {
    const sorted = places.map((place) => points.find(([x]) => x === place)).filter(Boolean);
    const drawn = sorted.map(([x, y]) => `${xOf(x)},${yOf(y)}`).join(" ");
    svg.append(draw("polyline", { points: drawn, fill: "none", stroke: "#555", "stroke-width": 1.5, "stroke-dasharray": dash }));
    for (const [x, y] of sorted) svg.append(draw("circle", { cx: xOf(x), cy: yOf(y), r: 2, fill: "#555" }));
  }
  for (const line of found) {
    const points = line.runs.filter((each) => !each.scores[score].includes(null)).map((each) => ({ each, x: xOf(String(each[axis])), y: each.scores[score].map(yOf) }))
      .sort((a, b) => a.x - b.x);
    svg.append(draw("polyline", { points: points.map(({ x, y }) => `${x},${y[0]}`).join(" "), fill: "none",
      stroke: line.colour, "stroke-width": line.model === run.model ? 2.5 : 1.5 }));
    for (const { each, x, y } of points) {
      svg.append(draw("line", { x1: x, x2: x, y1: y[1], y2: y[2], stroke: line.colour, "stroke-width": 1.5 }));
      const point = marker(line, x, y[0]);
      point.style.cursor = "pointer";
      point.addEventListener("click", () => show(each));
      svg.append(point);
      if (each === run) svg.append(draw("circle", { cx: x, cy: y[0], r: 10, fill: "none", stroke: "#000", "stroke-width": 2 }));
    }
  }
  element.curve.replaceChildren(svg);
  drawLegend(found, compared);
  drawTable(found, compared, places, axis, score);
}

// "Gaussian, variance 0.05" is too long for a tick where there are several.
const shortly = (value, count, width) => (value.length * 7 * count > width - 80
  ? runs.find((each) => each.noise === value)?.strength ?? value : value);

function drawLegend(found, compared) {
  const sample = (...children) => draw("svg", { viewBox: "0 0 42 16", "aria-hidden": "true" }, ...children);
  element.legend.replaceChildren(
    ...found.map((line) => make("li", {}, sample(
      draw("line", { x1: 2, x2: 40, y1: 8, y2: 8, stroke: line.colour, "stroke-width": 2 }), marker(line, 21, 8)), name("model", line.model))),
    ...compared.map(({ label, dash }) => make("li", {}, sample(
      draw("line", { x1: 2, x2: 40, y1: 8, y2: 8, stroke: "#555", "stroke-width": 1.5, "stroke-dasharray": dash })),
    label)));
}

function drawTable(found, compared, places, axis, score) {
  const digits = SCORES[score][2];
  const cell = (values) => {
    if (!values) return "–";
    const [mean, least, most] = values.map((value) => text(value, digits));
    return least === most ? mean : `${mean} (${least} to ${most})`;
  };
  const head = make("tr", {}, make("th", { scope: "col" }, AXES[axis]),
    ...found.map((line) => make("th", { scope: "col", class: "number" }, name("model", line.model))),
    ...compared.map(({ label }) => make("th", { scope: "col", class: "number" }, label)));
  const rows = places.map((place) => make("tr", {}, make("th", { scope: "row" }, place),
    ...found.map((line) => make("td", { class: "number" },
      cell(line.runs.find((each) => String(each[axis]) === place)?.scores[score]))),
    ...compared.map(({ points }) => {
      const [, value, baseline] = points.find(([x]) => x === place) ?? ["", null, ""];
      return make("td", { class: "number" }, baseline ? `${text(value, digits)} (${baseline})` : text(value, digits));
    })));
  element.values.replaceChildren(make("caption", {}, scored(score, null).replace("–", "").trim()),
    make("thead", {}, head), make("tbody", {}, ...rows));
}

/* Pictures -------------------------------------------------------------------------------------------------------- */

function picture(entry, title) {
  const noisy = entry.input !== null;
  const column = [["clean", "clean"], ...(noisy ? [["input", "noisy"]] : []), ["output", noisy ? "denoised" : "restored"]];
  const images = column.map(([key, word]) =>
    make("img", { src: pictures[entry[key]], alt: `test image ${entry.image}, ${word}`, width: 28, height: 28 }));
  const lines = [`${text(entry.psnr, 1)} dB`, `SSIM ${text(entry.ssim, 2)}`];
  if (noisy) lines.push(`input ${text(entry.psnr_noisy, 1)} dB`);
  const caption = make("figcaption", {}, make("strong", {}, title));
  for (const line of lines) caption.append(make("br"), line);
  return make("li", {}, make("figure", {}, make("div", { class: "pair" }, ...images), caption));
}

function drawPictures() {
  const order = run.kind === "none" ? "Above: clean; below: restored." : "From above: clean, noisy, denoised.";
  for (const place of document.querySelectorAll(".rows")) place.textContent = order;
  element.ranks.replaceChildren(...run.ranks.map((entry) =>
    picture(entry, `${entry.rank[0].toUpperCase()}${entry.rank.slice(1)}: image ${entry.image}`)));
  element.examples.replaceChildren(...run.examples.map((entry) => picture(entry, `Image ${entry.image}`)));
  document.getElementById("examples-title").closest("section").hidden = !run.examples.length;
}

/* Together -------------------------------------------------------------------------------------------------------- */

function show(chosen, changed) {
  run = chosen;
  for (const choice of CHOICES) element[choice].value = String(run[choice]);
  settleAxis(changed);
  element.now.textContent = describe();
  drawCurve();
  drawPictures();
}

for (const choice of CHOICES) {
  fill(choice);
  element[choice].addEventListener("change", () => show(nearest(choice, element[choice].value), choice));
}
element.score.addEventListener("change", drawCurve);
element.axis.addEventListener("change", drawCurve);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
show(run);

// Text keeps its size on any screen: the curve is drawn again, not scaled.
let drawnAt = element.curve.clientWidth;
new ResizeObserver(() => {
  if (element.curve.clientWidth !== drawnAt) {
    drawnAt = element.curve.clientWidth;
    drawCurve();
  }
}).observe(element.curve);

/* The board: a digit is drawn into an image with a pointer, a finger or the keyboard --------------------------------- */

// Raises the pixels of every channel near the line between two points, which lie at [column, row] in pixels.
function stroke({ shape: [channels, height, width], data }, [x1, y1], [x2, y2]) {
  const thick = 0.045 * Math.min(height, width), dx = x2 - x1, dy = y2 - y1, length = dx * dx + dy * dy;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = column + 0.5, y = row + 0.5;
      const share = length ? Math.min(Math.max(((x - x1) * dx + (y - y1) * dy) / length, 0), 1) : 0;
      const ink = thick + 0.5 - Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
      if (ink <= 0) continue;
      for (let channel = 0; channel < channels; channel++) {
        const place = (channel * height + row) * width + column;
        data[place] = Math.max(data[place], Math.min(ink, 1));
      }
    }
  }
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Lets the image of `image()` be drawn into on the element `board`, where `mark` shows the pen of the keyboard.
function makeBoard({ board, mark, image, drawn, cleared, say }) {
  let last = null, pen = null, down = false;

  const size = () => image().shape.slice(1);
  const place = (event) => {
    const box = board.getBoundingClientRect(), [height, width] = size();
    return [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
  };
  const line = (from, to) => {
    stroke(image(), from, to);
    drawn();
  };

  board.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    board.setPointerCapture(event.pointerId);
    last = place(event);
    line(last, last);
    event.preventDefault();
    board.focus({ focusVisible: false });
  });
  board.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const next = place(each);
      stroke(image(), last, next);
      last = next;
    }
    drawn();
  });
  for (const end of ["pointerup", "pointercancel"]) board.addEventListener(end, () => { last = null; });

  const show = () => {
    const [height, width] = size();
    pen ??= [Math.floor(width / 2) + 0.5, Math.floor(height / 2) + 0.5];
    pen = [Math.min(pen[0], width - 0.5), Math.min(pen[1], height - 0.5)];
    mark.style.left = `${pen[0] / width * 100}%`;
    mark.style.top = `${pen[1] / height * 100}%`;
    mark.classList.toggle("down", down);
  };
  const told = () => `pen ${down ? "down" : "up"}, column ${Math.ceil(pen[0])}, row ${Math.ceil(pen[1])}`;

  board.addEventListener("focus", show);
  board.addEventListener("blur", () => { down = false; });
  board.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    show();
    if (event.key in STEPS) {
      const [height, width] = size(), [dx, dy] = STEPS[event.key];
      const next = [Math.min(Math.max(pen[0] + dx, 0.5), width - 0.5), Math.min(Math.max(pen[1] + dy, 0.5), height - 0.5)];
      if (down) line(pen, next);
      pen = next;
      say(told());
    } else if (event.key === " ") {
      down = !down;
      if (down) line(pen, pen);
      say(told());
    } else if (event.key === "Delete" || event.key === "Backspace") {
      cleared();
      say("board cleared");
    } else return;
    event.preventDefault();
    show();
  });
}

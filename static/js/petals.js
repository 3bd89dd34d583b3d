// The spider as petals: a touch or an arrow key on a petal picks the radio button with that value.
export function petals(root) {
  root.querySelectorAll("[data-petals]:not([data-ready])").forEach((picture) => {
    picture.setAttribute("data-ready", "");
    picture.hidden = false;
    const form = picture.closest("form");
    picture.querySelectorAll("[data-axis]").forEach((petal) => ready(petal, form));
  });
}

function ready(petal, form) {
  const radios = () => [...form.querySelectorAll("input[type=radio]")].filter((one) => one.name === petal.dataset.axis);
  const cells = [...petal.querySelectorAll("[data-value]")];
  const values = cells.map((cell) => Number(cell.dataset.value));
  const picked = () => radios().find((radio) => radio.checked && values.includes(Number(radio.value)));
  const pick = (value) => {
    const radio = radios().find((one) => one.value === String(value));
    if (!radio || radio.disabled) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = () => {
    const radio = picked();
    const value = radio ? Number(radio.value) : null;
    cells.forEach((cell) => {
      cell.classList.toggle("st-petal__cell--on", value !== null && Number(cell.dataset.value) <= value);
    });
    petal.setAttribute("aria-valuenow", value === null ? values[0] : value);
    petal.setAttribute("aria-valuetext", value === null ? "–" : String(value));
  };
  petal.setAttribute("role", "slider");
  petal.setAttribute("tabindex", "0");
  petal.setAttribute("aria-label", petal.dataset.label);
  petal.setAttribute("aria-valuemin", values[0]);
  petal.setAttribute("aria-valuemax", values[values.length - 1]);
  petal.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-value]");
    if (cell) pick(cell.dataset.value);
  });
  petal.addEventListener("keydown", (event) => {
    const now = picked();
    const place = now ? values.indexOf(Number(now.value)) : -1;
    const to = {
      ArrowUp: place + 1, ArrowRight: place + 1, ArrowDown: place - 1, ArrowLeft: place - 1,
      Home: 0, End: values.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    pick(values[Math.min(Math.max(to, 0), values.length - 1)]);
  });
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  show();
}

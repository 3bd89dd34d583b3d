// A touch on a segment of the wheel picks the radio button with the same value.
export function wheels(root) {
  root.querySelectorAll("[data-wheel]:not([data-ready])").forEach((wheel) => {
    wheel.setAttribute("data-ready", "");
    const radios = () => [...wheel.querySelectorAll("input[type=radio]")];
    const show = () => {
      const picked = radios().find((radio) => radio.checked);
      wheel.querySelectorAll("[data-key]").forEach((wedge) => {
        wedge.classList.toggle("st-wedge--picked", Boolean(picked) && wedge.dataset.key === picked.value);
      });
    };
    wheel.querySelector("svg").addEventListener("click", (event) => {
      const wedge = event.target.closest("[data-key]");
      const radio = wedge && radios().find((one) => one.value === wedge.dataset.key);
      if (!radio || radio.disabled) return;
      radio.checked = true;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
      radio.dispatchEvent(new Event("change", { bubbles: true }));
      radio.focus();
    });
    wheel.addEventListener("change", show);
    show();
  });
}

// Counts the hours on a host's page while they are typed. The server counts again.
export function hours(root) {
  root.querySelectorAll("[data-hours]:not([data-ready])").forEach((block) => {
    block.setAttribute("data-ready", "");
    const line = block.querySelector("[data-hours-total]");
    const output = line && line.querySelector("output");
    if (!output) return;
    const format = new Intl.NumberFormat(document.documentElement.lang || "nl", { maximumFractionDigits: 2 });
    const count = () => {
      const values = [...block.querySelectorAll("input.st-hours-input")].map((input) => {
        return Number.parseFloat(input.value.replace(",", ".")) || 0;
      });
      output.textContent = format.format(values.reduce((sum, value) => sum + value, 0));
    };
    line.hidden = false;
    block.addEventListener("input", count);
    count();
  });
}

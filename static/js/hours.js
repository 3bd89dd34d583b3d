// Hours as people write them: "3", "3,5", "3u30", "3:30". What can't be read counts as nothing; the server says so.
export function read(text) {
  const clock = /^(\d{1,2})\s*(?:u|uur|h|:)\s*(\d{1,2})?$/.exec(text.trim().toLowerCase());
  if (clock) return Number(clock[1]) + Number(clock[2] || 0) / 60;
  const plain = text.trim().replace("½", ",5").replace(",", ".");
  return /^\d*\.?\d*$/.test(plain) ? Number.parseFloat(plain) || 0 : 0;
}

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
        return read(input.value);
      });
      output.textContent = format.format(values.reduce((sum, value) => sum + value, 0));
    };
    line.hidden = false;
    block.addEventListener("input", count);
    count();
  });
}

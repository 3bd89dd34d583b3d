// Logging out wipes this phone: whoever still has notes on it that weren't sent hears that first.
import { unsent } from "./onderweg-kluis.js";

export function guardLogout() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.unsent) return;
    event.preventDefault();
    const waiting = await unsent().catch(() => 0);
    if (!waiting || window.confirm(form.dataset.unsent)) form.submit();
  });
}

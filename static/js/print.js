// Shows the print buttons, which do nothing without JavaScript.
export function printButtons(root) {
  root.querySelectorAll("[data-print][hidden]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

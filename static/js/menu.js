// Menus that are <details data-menu>: Escape and a press beside them close them.
export function menus() {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    open().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}

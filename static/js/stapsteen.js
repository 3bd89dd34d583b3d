// The small extras. Every page works without them; only the page for notes on the way keeps something, sealed.
import { aloud } from "./aloud.js";
import { dirtyForms, guardForms } from "./forms.js";
import { hours } from "./hours.js";
import { menus } from "./menu.js";
import { petals } from "./petals.js";
import { printButtons } from "./print.js";
import { guardLogout } from "./unsent.js";
import { wheels } from "./wheel.js";

function start(root) {
  printButtons(root);
  wheels(root);
  petals(root);
  hours(root);
  dirtyForms(root);
}

menus();
aloud();
guardForms();
guardLogout();
start(document);
document.addEventListener("htmx:after:swap", () => start(document));

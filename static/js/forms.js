// A form is sent once, and leaving a form with changes asks first (forms with data-warn).

// Marks the form as busy instead of disabling the button: a disabled button would not be sent along.
export function guardForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-guard]")) return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 8000);
  });
  // Back button: the page may come out of the browser's memory with the mark still on it.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
  });
}

export function dirtyForms(root) {
  root.querySelectorAll("form[data-warn]:not([data-warned])").forEach((form) => {
    form.setAttribute("data-warned", "");
    let dirty = false;
    const warn = (event) => {
      if (dirty && form.isConnected) event.preventDefault();
    };
    form.addEventListener("input", () => {
      dirty = true;
    });
    form.addEventListener("submit", () => {
      dirty = false;
    });
    window.addEventListener("beforeunload", warn);
  });
}

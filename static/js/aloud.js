// Reads the page aloud, with a voice that lives on the device: no word of a page goes to a server of a voice's maker.
// Hidden where the device has no such voice for the language of the page.
const PARTS = "h1, h2, h3, h4, p, li, legend, label, dt, dd, summary, .ams-hint";
const NOT_READ = ".st-back, [data-aloud], table";

function voiceFor(language) {
  const fits = (voice) => voice.localService && voice.lang.toLowerCase().replace("_", "-").split("-")[0] === language;
  return speechSynthesis.getVoices().find(fits);
}

function piecesOf(main) {
  const found = [];
  main.querySelectorAll(PARTS).forEach((part) => {
    const inside = found.some((piece) => piece.part.contains(part));
    const seen = part.checkVisibility ? part.checkVisibility() : part.offsetParent !== null;
    const text = part.innerText.trim();
    if (!inside && seen && text && !part.closest(NOT_READ)) found.push({ part, text });
  });
  return found.map((piece) => piece.text);
}

function wire(button) {
  const language = document.documentElement.lang.slice(0, 2).toLowerCase();
  const show = (reading) => {
    button.querySelector("[data-say]").hidden = reading;
    button.querySelector("[data-stop]").hidden = !reading;
  };
  let reading = false;
  const stop = () => {
    reading = false;
    speechSynthesis.cancel();
    show(false);
  };
  const read = () => {
    const voice = voiceFor(language);
    const pieces = piecesOf(document.querySelector("main"));
    if (!voice || pieces.length === 0) return;
    reading = true;
    show(true);
    pieces.forEach((text, at) => {
      const said = new SpeechSynthesisUtterance(text);
      said.voice = voice;
      said.lang = voice.lang;
      said.rate = 0.9;
      if (at === pieces.length - 1) said.onend = () => reading && stop();
      said.onerror = () => reading && stop();
      speechSynthesis.speak(said);
    });
  };
  const look = () => { button.hidden = !voiceFor(language); };
  button.addEventListener("click", () => (reading ? stop() : read()));
  window.addEventListener("pagehide", stop);
  speechSynthesis.addEventListener?.("voiceschanged", look);
  look();
}

export function aloud() {
  if (!("speechSynthesis" in window)) return;
  document.querySelectorAll("[data-aloud]").forEach(wire);
}

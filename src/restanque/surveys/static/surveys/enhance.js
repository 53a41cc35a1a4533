// Comfort only: saves at each change and shows at once the questions that depend on it.
// Without this file every button of the page does the same.
(() => {
  "use strict";
  const zone = document.getElementById("questionnaire");
  if (!zone || !window.fetch) return;
  document.documentElement.classList.add("js");
  const byId = (id) => id && document.getElementById(id);
  const say = (text) => { byId("etat").textContent = text; };
  const offline = "Pas de connexion : vos réponses restent à l’écran et seront enregistrées à son retour.";
  // Fields touched while the server answers: kept over the swap, and saved in turn.
  const touched = new Set();
  let running = false, again = false, leaving = false, pressing = false, pending = 0;
  const moment = () => new Promise((resolve) => { setTimeout(resolve, 50); });

  // Set as soon as something is to be saved, removed once nothing is.
  const mark = () => document.documentElement.classList.toggle("rq-saving", running || again || pending > 0);

  const save = async () => {
    if (leaving) return;
    if (running) { again = true; return; }
    running = true;
    mark();
    touched.clear();
    say("Enregistrement…");
    const form = byId("questions");
    const body = new FormData(form);
    // A file leaves once, with a button.
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("action", "autosave");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-Autosave": "1" } });
      if (answer.redirected) { location.assign(answer.url); return; }
      if (!answer.ok && answer.status !== 409) throw new Error();
      const html = await answer.text();
      // A button replaced while it is held down would lose its click.
      while (pressing) await moment();
      swap(html);
      const now = new Date();
      say(`${byId("questions").dataset.news || ""}Enregistré à ${now.getHours()} h ${String(now.getMinutes()).padStart(2, "0")}. Rien n’est perdu si vous fermez la page.`);
    } catch {
      say(offline);
    }
    running = false;
    if (again) { again = false; save(); }
    mark();
  };

  const swap = (html) => {
    if (leaving) return;
    const here = document.activeElement;
    const caret = here.selectionStart;
    const kept = [...byId("questions").elements].filter((f) => f.id && (f.type === "file" || touched.has(f.id)));
    // A lively map (place.js) stays as it is.
    const maps = [...zone.querySelectorAll("[data-lively]")];
    zone.innerHTML = html;
    for (const map of maps) byId(map.id)?.replaceWith(map);
    document.dispatchEvent(new Event("rq:swap"));
    for (const old of kept) {
      const fresh = byId(old.id);
      if (!fresh) continue;
      if (old.type === "file") fresh.replaceWith(old);
      else if (old.checked !== undefined && /radio|checkbox/.test(old.type)) fresh.checked = old.checked;
      else fresh.value = old.value;
    }
    // Buttons have no id: they are known by what they do.
    const back = byId(here.id) || (here.name
      && [...byId("questions").elements].find((f) => f.name === here.name && f.value === here.value && !f.hidden));
    if (!back) return;
    back.focus({ preventScroll: true });
    if (/^(text|tel|textarea)$/.test(back.type)) back.setSelectionRange(caret, caret);
  };

  for (const [name, held] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
    document.addEventListener(name, () => { pressing = held; });
  }
  zone.addEventListener("input", (event) => touched.add(event.target.id));
  zone.addEventListener("change", (event) => {
    // A moment later: a button pressed right away saves by itself.
    if (event.target.type === "file") return;
    pending += 1;
    mark();
    setTimeout(() => { pending -= 1; save(); mark(); }, 100);
  });
  zone.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("offline", () => say(offline));
  window.addEventListener("online", save);
})();

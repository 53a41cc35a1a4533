// Comfort only: every page works without this file.
(() => {
  "use strict";
  // Announce to assistive technology that a fragment is loading, and say plainly when it failed.
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.target.removeAttribute("aria-busy");
  });
  const failed = () => {
    const zone = document.getElementById("contenu");
    if (!zone || zone.querySelector("[data-failed]")) return;
    const notice = document.createElement("div");
    notice.className = "rq-avis rq-avis-erreur";
    notice.setAttribute("role", "alert");
    notice.dataset.failed = "";
    notice.textContent = "La mise à jour n’a pas abouti. Rechargez la page, rien n’est perdu.";
    zone.prepend(notice);
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  // 422 answers carry the form with its errors: show them.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // A list's address holds what is asked, not the empty fields.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("[data-lean]")) return;
    const asked = event.detail.formData;
    for (const name of new Set(asked.keys())) {
      const values = asked.getAll(name).filter((value) => value !== "");
      asked.delete(name);
      values.forEach((value) => asked.append(name, value));
    }
    const boxes = [...event.target.querySelectorAll("input[name=cols]")];
    if (boxes.every((box) => box.checked === box.hasAttribute("data-usual"))) asked.delete("cols");
  });
  // Say the new count of a list: the region is in the page from the start, as screen readers need.
  document.addEventListener("htmx:afterSwap", () => {
    const said = document.querySelector("[data-announce]");
    const region = document.getElementById("annonces");
    if (said && region) region.textContent = said.dataset.announce;
  });
  // An error summary takes the focus, so that a screen reader starts there.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
  // Tick every row of a list's page at once; the box exists only where scripts run.
  const all = () => {
    document.querySelectorAll("table.rq-selectable:not([data-all])").forEach((table) => {
      table.dataset.all = "yes";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.className = "form-check-input";
      box.setAttribute("aria-label", "Choisir toutes les lignes de cette page");
      box.addEventListener("change", () => {
        table.querySelectorAll("input[name=selected]").forEach((one) => { one.checked = box.checked; });
      });
      table.querySelector("thead th").replaceChildren(box);
    });
  };
  all();
  document.addEventListener("htmx:afterSwap", all);
})();

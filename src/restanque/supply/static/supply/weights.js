// Comfort only: says in figures where each slider stands. The form is sent by its button.
(() => {
  "use strict";
  const tell = (slider) => {
    const output = document.getElementById(slider.dataset.output);
    if (!output) return;
    const value = Number(slider.value).toLocaleString("fr-FR", { minimumFractionDigits: 2 });
    output.textContent = `${value}\u00a0€ par kilo`;
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  for (const slider of document.querySelectorAll("input[type=range][data-output]")) {
    slider.addEventListener("input", () => tell(slider));
    tell(slider);
  }
})();

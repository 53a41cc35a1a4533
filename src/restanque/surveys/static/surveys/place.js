// A map to click beside the two fields of a place. The fields alone suffice, with or without it.
(() => {
  "use strict";
  const number = (field) => Number.parseFloat(field.value.trim().replace(",", "."));
  const written = (degrees) => degrees.toFixed(5).replace(".", ",");

  const draw = (holder, ground) => {
    const field = (end) => document.getElementById(`${holder.dataset.for}-${end}`);
    holder.hidden = false;
    const hint = document.createElement("p");
    hint.className = "form-text";
    hint.textContent = "Cliquez sur la carte pour placer le point : les deux champs se remplissent. Au clavier, remplissez les champs.";
    const stage = document.createElement("div");
    stage.className = "rq-leaflet rq-sur-carte";
    // For the eye and the mouse only: the fields say and do the same.
    stage.setAttribute("aria-hidden", "true");
    holder.append(hint, stage);
    const map = L.map(stage, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, keyboard: false, fadeAnimation: false, zoomAnimation: false });
    const shapes = L.geoJSON(ground, {
      style: { className: "rq-sol", weight: 1 },
      onEachFeature: (feature, layer) => {
        const tip = document.createElement("span");
        tip.textContent = feature.properties.name;
        layer.bindTooltip(tip, { sticky: true, direction: "top" });
      },
    }).addTo(map);
    const bounds = shapes.getBounds();
    map.fitBounds(bounds.isValid() ? bounds : [[41, -5], [51.2, 9.6]], { animate: false, padding: [8, 8] });
    let pin = null;
    const show = (move) => {
      const [lat, lon] = [number(field("lat")), number(field("lon"))];
      if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
        if (pin) { pin.remove(); pin = null; }
        return;
      }
      if (pin) pin.setLatLng([lat, lon]);
      else pin = L.circleMarker([lat, lon], { radius: 8, className: "rq-epingle", interactive: false }).addTo(map);
      if (move && !map.getBounds().contains([lat, lon])) map.panTo([lat, lon], { animate: false });
    };
    map.on("click", ({ latlng }) => {
      field("lat").value = written(latlng.lat);
      field("lon").value = written(latlng.lng);
      show(false);
      field("lon").dispatchEvent(new Event("change", { bubbles: true }));
    });
    for (const [label, step] of [["Agrandir la carte", 1], ["Réduire la carte", -1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary btn-sm me-2 mt-2";
      button.textContent = label;
      button.addEventListener("click", () => map.setZoom(Math.round(map.getZoom()) + step, { animate: false }));
      holder.append(button);
    }
    holder.update = () => show(true);
    document.addEventListener("change", (event) => {
      if (event.target === field("lat") || event.target === field("lon")) show(true);
    });
    show(true);
  };

  const start = () => document.querySelectorAll("[data-ground]").forEach((holder) => {
    if (holder.dataset.lively) { holder.update?.(); return; }
    holder.dataset.lively = "yes";
    fetch(holder.dataset.ground, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((ground) => draw(holder, ground))
      // The fields are still there.
      .catch(() => { holder.hidden = true; });
  });
  start();
  document.addEventListener("rq:swap", start);
})();

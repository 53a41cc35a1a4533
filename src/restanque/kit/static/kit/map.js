// Turns the server's drawing of a map into a Leaflet map. Without it the drawing stays.
(() => {
  "use strict";
  const WORDS = { zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" };

  const classOf = (feature) =>
    feature.properties.patterned ? "c-hv" : `c c-${feature.properties.style}`;

  const styleOf = (prefix) => (feature) => ({
    className: classOf(feature),
    fillColor: feature.properties.patterned ? `url(#${prefix}-${feature.properties.style})` : undefined,
    fillOpacity: 1,
    opacity: 1,
    weight: 1.1,
  });

  const wordsOf = ({ name, state, value }) => [name, state, value].filter(Boolean).join(" : ");

  // One tab stop for the whole map; arrows go from a feature to the next, Enter opens it.
  function keyboard(layers) {
    const paths = layers.map((layer) => layer.getElement()).filter(Boolean);
    const show = (index) => {
      paths.forEach((path, i) => path.setAttribute("tabindex", i === index ? "0" : "-1"));
      paths[index].focus();
    };
    paths.forEach((path, index) => {
      const { properties } = layers[index].feature;
      path.setAttribute("role", properties.url ? "link" : "img");
      path.setAttribute("aria-label", wordsOf(properties));
      path.setAttribute("tabindex", index === 0 ? "0" : "-1");
      path.addEventListener("focus", () => layers[index].openTooltip());
      path.addEventListener("blur", () => layers[index].closeTooltip());
      path.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step) {
          event.preventDefault();
          event.stopPropagation();
          show((index + step + paths.length) % paths.length);
        } else if (event.key === "Enter" && properties.url) {
          window.location.assign(properties.url);
        }
      });
    });
  }

  // Only addresses of this site are followed.
  const isHere = (url) => new URL(url, window.location.href).origin === window.location.origin;

  function draw(holder, data) {
    const stage = document.createElement("div");
    stage.className = "rq-leaflet";
    holder.append(stage);
    const map = L.map(stage, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false,
      zoomSnap: 0.25, keyboard: false, fadeAnimation: false,
    });
    L.control.zoom(WORDS).addTo(map);
    const layers = [];
    const shapes = L.geoJSON(data, {
      style: styleOf(holder.dataset.patterns),
      pointToLayer: (feature, place) => L.circleMarker(place, { radius: 7 }),
      onEachFeature: (feature, layer) => {
        layers.push(layer);
        const tip = document.createElement("span");
        tip.textContent = wordsOf(feature.properties);
        layer.bindTooltip(tip, { sticky: true, direction: "top" });
        if (feature.properties.url && isHere(feature.properties.url)) {
          layer.on("click", () => window.location.assign(feature.properties.url));
        }
      },
    });
    const bounds = shapes.getBounds();
    if (!bounds.isValid()) {
      stage.remove();
      return;
    }
    // The stage takes the drawing's own proportions before Leaflet measures it.
    const drawing = holder.querySelector("svg").viewBox.baseVal;
    stage.style.aspectRatio = `${drawing.width} / ${drawing.height}`;
    holder.classList.add("rq-map-lively");
    map.fitBounds(bounds, { padding: [4, 4], animate: false });
    shapes.addTo(map);
    for (const [className, weight] of [["epci-h", 4], ["epci", 1.6]]) {
      data.outlines.forEach((outline) =>
        L.geoJSON(outline, { style: { className, weight, fill: false }, interactive: false }).addTo(map));
    }
    layers.filter((layer) => layer.feature.properties.named && layer.getCenter).forEach((layer) => {
      L.marker(layer.getCenter(), {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "rq-map-label", html: "", iconSize: null }),
      }).addTo(map).getElement().textContent = layer.feature.properties.name;
    });
    map.setMinZoom(map.getZoom() - 1);
    map.setMaxBounds(bounds.pad(0.5));
    layers.sort((a, b) => a.feature.properties.name.localeCompare(b.feature.properties.name, "fr"));
    keyboard(layers);
  }

  function start(root) {
    root.querySelectorAll("[data-map]:not([data-map-ready])").forEach((holder) => {
      holder.dataset.mapReady = "yes";
      fetch(holder.dataset.map, { credentials: "same-origin" })
        .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
        .then((data) => draw(holder, data))
        // The drawing made by the server is still there.
        .catch(() => holder.classList.remove("rq-map-lively"));
    });
  }

  start(document);
  document.addEventListener("htmx:afterSwap", (event) => start(event.target));
})();

// The graph at the side: cytoscape.js draws it, dagre lays it out in layers, so that arrows point to the left, from
// what answers to what is answered.

const READABLE = 0.85;  // smaller, the words in the boxes could not be read
let drawing = null;
let drawnNow = null;

function prepareGraph() {
  drawing = cytoscape({
    container: byId("graph"), style: graphStyle(), minZoom: 0.1, maxZoom: 2.5, autoungrabify: true, boxSelectionEnabled: false, autounselectify: true,
  });
  drawing.on("tap", "node", (event) => choose(claims[event.target.data("claim")], "graph"));
  drawing.on("tap", (event) => { if (event.target === drawing) choose(null, "graph"); });
  drawing.on("mouseover", "node", () => { byId("graph").classList.add("pointing"); });
  drawing.on("mouseout", "node", () => { byId("graph").classList.remove("pointing"); });
  byId("reasons").addEventListener("change", () => redraw());
  byId("zoom-in").addEventListener("click", () => zoomBy(1.25));
  byId("zoom-out").addEventListener("click", () => zoomBy(0.8));
  byId("zoom-fit").addEventListener("click", fitGraph);
  new ResizeObserver(() => graphShown() && (drawnNow ? drawing.resize() : redraw())).observe(byId("graph"));
  whenChosen.push(showChosenInGraph);
  whenFiltered.push(() => redraw());
  redraw();
}

const graphShown = () => byId("graph").clientWidth > 0;

/** Draw what there is to draw just now; where the graph is behind a tab, when it is shown. */
function redraw() {
  drawnNow = null;
  if (!graphShown()) return;
  drawing.resize();
  const selection = selectionToDraw();
  byId("graph-note").textContent = selection.note;
  drawing.elements().remove();
  drawing.add(elementsOf(selection));
  drawing.layout({ name: "dagre", rankDir: "RL", nodeSep: 12, edgeSep: 6, rankSep: 100, ranker: "network-simplex", fit: false, animate: false }).run();
  drawnNow = selection;
  place();
  markChosen();
}

/** Show all if that is legible, or else the chosen claim, or else where the reading begins. */
function place() {
  const box = drawing.elements().boundingBox();
  if (!drawing.nodes().length) return;
  const [width, height] = [drawing.width() - 32, drawing.height() - 32];
  const whole = Math.min(width / box.w, height / box.h);
  const zoom = Math.min(1, Math.max(READABLE, whole));
  drawing.zoom(zoom);
  const centre = nodeOf(chosen ?? drawnNow.centre);
  if (whole >= READABLE) drawing.center();
  else if (centre.length) drawing.center(centre);
  else {
    const first = drawing.nodes().min((node) => node.data("claim")).ele;
    const left = box.w * zoom <= width ? (width - box.w * zoom) / 2 : 0;
    const top = Math.min(0, height / 2 - (first.position("y") - box.y1) * zoom);
    drawing.pan({ x: 16 + left - box.x1 * zoom, y: 16 + Math.max(top, height - box.h * zoom) - box.y1 * zoom });
  }
}

function fitGraph() {
  drawing.fit(undefined, 16);
  if (drawing.zoom() > 1) drawing.zoom(1);
  drawing.center();
}

function zoomBy(factor) {
  drawing.zoom({ level: drawing.zoom() * factor, renderedPosition: { x: drawing.width() / 2, y: drawing.height() / 2 } });
}

const nodeOf = (claim) => (claim ? drawing.getElementById(`n${claim.place}`) : drawing.collection());

function showChosenInGraph(claim) {
  if (!drawnNow) return;
  const missing = claim && (!nodeOf(claim).length || !claim.matches);
  if (drawnNow.centre || missing) redraw();  // another neighbourhood
  else markChosen();
  if (!claim || !nodeOf(claim).length) return;
  const seen = nodeOf(claim).renderedBoundingBox();
  const inside = seen.x1 >= 0 && seen.y1 >= 0 && seen.x2 <= drawing.width() && seen.y2 <= drawing.height();
  if (!inside) drawing.animate({ center: { eles: nodeOf(claim) }, duration: calm() ? 0 : 200 });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The chosen claim and what it is linked to stand out. */
function markChosen() {
  drawing.batch(() => {
    drawing.elements().removeClass("chosen near far");
    const node = nodeOf(chosen);
    if (!node.length) return;
    const near = node.closedNeighborhood();
    drawing.elements().not(near).addClass("far");
    near.edges().addClass("near");
    node.addClass("chosen");
  });
}

// Opens a file of Cytoscape JSON with cytoscape.js and prints what it found as JSON.
import fs from "node:fs";
import cytoscape from "cytoscape";

const { elements, style, data } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const cy = cytoscape({ headless: true, elements, data, style, layout: { name: "preset" } });
const found = {
  version: cytoscape.version,
  data: cy.data(),
  nodes: cy.nodes().map((node) => node.data()),
  edges: cy.edges().map((edge) => edge.data()),
  rebuttals: cy.edges(".rebuttal").length,
};
fs.writeFileSync(process.argv[3], JSON.stringify(found));
process.exit(0);

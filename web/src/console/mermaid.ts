// SPDX-License-Identifier: Apache-2.0

/** A state of a diagram. */
export interface Node {
  id: string;
  label: string;
}

/** A way from one state to another, with all steps that lead along it. */
export interface Edge {
  from: string;
  to: string;
  labels: string[];
}

/** A state diagram: where it begins, and where it may end. */
export interface Diagram {
  nodes: Node[];
  edges: Edge[];
  start: string;
  ends: string[];
}

/** Reads the part of Mermaid's state diagrams that the server draws with; other lines are passed over. */
export function parseDiagram(text: string): Diagram {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const diagram: Diagram = { nodes: [], edges: [], start: "", ends: [] };
  const node = (id: string) => nodes.get(id) ?? nodes.set(id, { id, label: id }).get(id)!;
  for (const line of text.split("\n").map((l) => l.trim())) {
    const named = /^state "(.*)" as (\S+)$/.exec(line);
    if (named) node(named[2]!).label = named[1]!;
    const way = /^(\S+) --> ([^\s:]+)(?::\s*(.*))?$/.exec(line);
    if (!way) continue;
    const [from, to, label] = [way[1]!, way[2]!, way[3] ?? ""];
    if (from === "[*]") diagram.start = node(to).id;
    else if (to === "[*]") diagram.ends.push(node(from).id);
    else {
      const key = `${node(from).id}\n${node(to).id}`;
      const edge = edges.get(key) ?? edges.set(key, { from, to, labels: [] }).get(key)!;
      if (label !== "" && !edge.labels.includes(label)) edge.labels.push(label);
    }
  }
  return { ...diagram, nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** A state with its place on the picture, in its units; x and y are its middle. */
export interface Placed extends Node {
  x: number;
  y: number;
  end: boolean;
}

/** A way as it is drawn. */
export interface Drawn extends Edge {
  path: string;
  /** It goes back towards the beginning. */
  back: boolean;
}

export interface Picture {
  nodes: Placed[];
  edges: Drawn[];
  width: number;
  height: number;
}

export const box = { width: 170, height: 52 };
const gap = { x: 56, y: 54 };

/**
 * Lays a diagram out: states in rows by how many steps they are from the beginning, those
 * that end apart in the last row; ways downward in the middle, ways back around the side.
 */
export function layOut(diagram: Diagram): Picture {
  const rows = rowsOf(diagram);
  const widest = Math.max(1, ...rows.map((row) => row.length));
  const side = 60;
  const width = widest * (box.width + gap.x) + side * 2;
  const placed = new Map<string, Placed>();
  rows.forEach((row, y) =>
    row.forEach((node, i) => {
      const x = width / 2 + (i - (row.length - 1) / 2) * (box.width + gap.x);
      placed.set(node.id, { ...node, x, y: 40 + y * (box.height + gap.y) + box.height / 2, end: diagram.ends.includes(node.id) });
    }),
  );
  const ways = diagram.edges.filter((e) => e.from !== e.to && placed.has(e.from) && placed.has(e.to));
  const edges = ways.map((e, i) => ({ ...e, ...pathOf(placed.get(e.from)!, placed.get(e.to)!, i, width) }));
  return { nodes: [...placed.values()], edges, width, height: 60 + rows.length * (box.height + gap.y) };
}

function rowsOf(diagram: Diagram): Node[][] {
  const depth = new Map<string, number>([[diagram.start, 0]]);
  const open = [diagram.start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    for (const edge of diagram.edges.filter((e) => e.from === id && !depth.has(e.to))) {
      depth.set(edge.to, depth.get(id)! + 1);
      open.push(edge.to);
    }
  }
  const deepest = Math.max(0, ...[...depth].filter(([id]) => !isEnd(diagram, id)).map(([, d]) => d));
  const rows: Node[][] = [];
  for (const node of diagram.nodes) {
    const row = isEnd(diagram, node.id) ? deepest + 1 : (depth.get(node.id) ?? deepest);
    (rows[row] ??= []).push(node);
  }
  return [...rows].map((row) => row ?? []);
}

function isEnd(diagram: Diagram, id: string): boolean {
  return diagram.ends.includes(id);
}

function pathOf(a: Placed, b: Placed, n: number, width: number): { path: string; back: boolean } {
  const half = { w: box.width / 2, h: box.height / 2 };
  if (b.y > a.y) {
    const shift = ((n % 5) - 2) * 12;
    const [x1, y1, x2, y2] = [a.x + shift, a.y + half.h, b.x + shift, b.y - half.h];
    const bend = Math.min(70, (y2 - y1) / 2);
    return { path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, back: false };
  }
  if (b.y === a.y) {
    const way = b.x > a.x ? 1 : -1;
    return { path: `M${a.x + way * half.w} ${a.y - 10 * way}L${b.x - way * half.w} ${b.y - 10 * way}`, back: false };
  }
  const right = a.x + b.x >= width;
  const side = right ? Math.max(a.x, b.x) + half.w + 24 + (n % 4) * 8 : Math.min(a.x, b.x) - half.w - 24 - (n % 4) * 8;
  const edge = right ? half.w : -half.w;
  return { path: `M${a.x + edge} ${a.y}C${side} ${a.y} ${side} ${b.y} ${b.x + edge} ${b.y}`, back: true };
}

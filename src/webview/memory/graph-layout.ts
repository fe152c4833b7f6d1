import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationLinkDatum, type SimulationNodeDatum } from 'd3-force';
import type { GraphView } from '../../shared/protocol/memory-views.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Room for the label under a node. */
const nodeSpace = 26;
/** The layout rests after this many steps; fewer of them for many nodes, so that it takes no longer. */
const steps = { few: 300, many: 120, manyFrom: 200 } as const;

/**
 * Where each entity stands, in its order: what is tied stands near, nothing stands on another. From -1 to 1 on the longer side, with the
 * origin in the middle; the same graph has the same layout each time.
 */
export function layOut({ entities, ties }: GraphView): Point[] {
  const nodes: SimulationNodeDatum[] = entities.map(() => ({}));
  const links = ties.map(({ a, b, count }): SimulationLinkDatum<SimulationNodeDatum> & { count: number } => ({ source: a, target: b, count }));
  const simulation = forceSimulation(nodes)
    .force('ties', forceLink(links).distance(({ count }) => 90 / Math.sqrt(count) + 30).strength(0.4))
    .force('apart', forceManyBody().strength(-160))
    .force('room', forceCollide(nodeSpace))
    .force('x', forceX(0).strength(0.05))
    .force('y', forceY(0).strength(0.08))
    .stop();
  simulation.tick(entities.length >= steps.manyFrom ? steps.many : steps.few);
  return fitted(nodes.map(({ x = 0, y = 0 }) => ({ x, y })));
}

function fitted(points: readonly Point[]): Point[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const across = (from: number, to: number, at: number): number => (to === from ? 0 : ((at - from) / (to - from)) * 2 - 1);
  return points.map(({ x, y }) => ({ x: across(left, right, x), y: across(top, bottom, y) }));
}

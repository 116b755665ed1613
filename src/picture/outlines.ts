/** Outlines of the départements, simplified for the size they are drawn at. */
import france from './france.json' with { type: 'json' };

export type Point = readonly [number, number];
export type Box = { left: number; top: number; right: number; bottom: number };

export type Department = {
  id: string;
  name: string;
  region: string;
  rings: Point[][];
  box: Box | undefined;
  /** Where its number stands: the centre of its largest ring. */
  centre: Point;
};

/** Who drew the outlines, to be named wherever they are shown (CC BY 4.0). */
export const outlineCredit = `${france.author}, ${france.source}, ${france.licence}, contours simplifiés`;

export const regionNames: Readonly<Record<string, string>> = france.regions;

/** All départements; those overseas have no outline. */
export const departments: readonly Department[] = france.departments.map(({ id, name, region, rings }) => {
  const points = rings.map((flat) => pairs(flat));
  const largest = points.toSorted((a, b) => Math.abs(area(b)) - Math.abs(area(a)))[0] ?? [];
  return { id, name, region, rings: points, box: boxOf(points.flat()), centre: centroid(largest) };
});

/** The smallest box around boxes; undefined for none. */
export function around(boxes: readonly (Box | undefined)[]): Box | undefined {
  const corners = boxes.flatMap((box): Point[] =>
    box
      ? [
          [box.left, box.top],
          [box.right, box.bottom],
        ]
      : [],
  );
  return boxOf(corners);
}

/** A ring without the points that lie within `tolerance` of the line between their neighbours (Douglas and Peucker). */
export function simplified(ring: readonly Point[], tolerance: number): Point[] {
  if (ring.length < 5) return [...ring];
  // A ring has no ends: it is cut at two points far apart, the same for a given outline.
  const far = farthest(ring, ring[0]!);
  const [one, other] = [ring.slice(0, far + 1), [...ring.slice(far), ring[0]!]];
  return [...open(one, tolerance).slice(0, -1), ...open(other, tolerance).slice(0, -1)];
}

function open(points: readonly Point[], tolerance: number): Point[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  let [index, most] = [0, tolerance];
  for (let i = 1; i < points.length - 1; i += 1) {
    const away = distance(points[i]!, first, last);
    if (away > most) [index, most] = [i, away];
  }
  if (!index) return [first, last];
  return [
    ...open(points.slice(0, index + 1), tolerance).slice(0, -1),
    ...open(points.slice(index), tolerance),
  ];
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const length = Math.hypot(bx - ax, by - ay);
  if (!length) return Math.hypot(x - ax, y - ay);
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

function farthest(ring: readonly Point[], from: Point): number {
  let [index, most] = [0, -1];
  ring.forEach(([x, y], i) => {
    const away = Math.hypot(x - from[0], y - from[1]);
    if (away > most) [index, most] = [i, away];
  });
  return index;
}

function pairs(flat: readonly number[]): Point[] {
  return Array.from({ length: flat.length / 2 }, (_, i): Point => [flat[2 * i]!, flat[2 * i + 1]!]);
}

function boxOf(points: readonly Point[]): Box | undefined {
  if (!points.length) return undefined;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function area(ring: readonly Point[]): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    return sum + (x * ny - nx * y) / 2;
  }, 0);
}

function centroid(ring: readonly Point[]): Point {
  const whole = area(ring);
  if (!whole) return [0, 0];
  let [cx, cy] = [0, 0];
  ring.forEach(([x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    const cross = x * ny - nx * y;
    cx += (x + nx) * cross;
    cy += (y + ny) * cross;
  });
  return [cx / (6 * whole), cy / (6 * whole)];
}

/** The territory on a map: its region close by, and where that lies in France. */
import { around, type Box, type Department, departments, type Point, simplified } from './outlines.ts';
import { blue, ink, land, paleBlue, paper, rule } from './palette.ts';
import { element, number, words } from './svg.ts';
import type { Coverage, Territory } from './types.ts';

type Frame = { x: number; y: number; width: number; height: number };
type View = { scale: number; x: number; y: number; box: Box };

const overseasBox = 22;

/** Fill of a partly covered département; drawn once in `defs`. */
export const hatching = element(
  'pattern',
  { id: 'partie', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
  element('rect', { width: 5, height: 5, fill: paper }),
  element('rect', { width: 2.4, height: 5, fill: blue }),
);

/** The map in a box of the given size, its upper left corner at (x, y); empty when nothing of it lies in France. */
export function mapOf(territory: Territory, x: number, y: number, width: number, height: number): string {
  const near = departments.filter(
    ({ id, region }) => territory.departments.has(id) || region === territory.region,
  );
  if (!near.length) return '';
  const inset = width * 0.24;
  const close = around(near.map(({ box }) => box));
  const whole = around(departments.map(({ box }) => box))!;
  const overseas = near.filter(({ box }) => !box);
  const drawn: string[] = [];
  if (close) {
    const main = fit(padded(close), x, y, width - inset - 8, height);
    drawn.push(regionMap(territory, main, { x, y, width: width - inset - 8, height }));
  }
  const small = fit(whole, x + width - inset, y, inset, inset);
  drawn.push(locator(territory, small));
  overseas.forEach((one, index) => {
    const at: Point = [
      x + width - inset + (index % 2) * (overseasBox + 6),
      y + inset + 10 + Math.floor(index / 2) * 28,
    ];
    drawn.push(overseasMark(one, territory, at));
  });
  return element('g', { 'stroke-linejoin': 'round' }, ...drawn);
}

function regionMap(territory: Territory, view: View, frame: Frame): string {
  const seen = departments.filter(({ box }) => box && overlaps(box, view.box));
  const outlines = seen.map((one) => outline(one, view, 0.4, fillOf(one, territory)));
  const labels = numbersOf(seen, territory, view, frame);
  const clip = element('clipPath', { id: 'cadre' }, element('rect', frame));
  return clip + element('g', { 'clip-path': 'url(#cadre)' }, ...outlines, ...labels);
}

/** Numbers of the départements of the region, the covered ones first; none where it would touch another. */
function numbersOf(seen: readonly Department[], territory: Territory, view: View, frame: Frame): string[] {
  const covered = ({ id }: Department): number => Number(territory.departments.has(id));
  const taken: Point[] = [];
  return seen
    .filter((one) => covered(one) || one.region === territory.region)
    .sort((a, b) => covered(b) - covered(a))
    .flatMap((one) => {
      const coverage = territory.departments.get(one.id)?.coverage;
      const [x, y] = placed(one.centre, view);
      const outside = Math.abs(x - frame.x - frame.width / 2) > frame.width / 2 - 8;
      const touches = taken.some(([tx, ty]) => Math.abs(tx - x) < 16 && Math.abs(ty - y) < 10);
      if (outside || touches) return [];
      taken.push([x, y]);
      return [numberOf(one.id, coverage, x, y + 3)];
    });
}

/** The number of a département, readable on the fill of its coverage. */
function numberOf(id: string, coverage: Coverage | undefined, x: number, y: number): string {
  const halo = coverage === 'part' ? { stroke: paper, 'stroke-width': 2.5, 'paint-order': 'stroke' } : {};
  const fill = coverage === 'whole' ? paper : ink;
  return words(
    id,
    x,
    y,
    { size: 8.5, bold: coverage !== undefined },
    { fill, 'text-anchor': 'middle', ...halo },
  );
}

function locator(territory: Territory, view: View): string {
  const paths = (wanted: (one: Department) => boolean): string =>
    departments
      .filter((one) => one.box && wanted(one))
      .map((one) => pathOf(one, view, 0.35))
      .join('');
  const covered = ({ id }: Department): boolean => territory.departments.has(id);
  const beside = (one: Department): boolean => !covered(one) && one.region === territory.region;
  const fill = (d: string, colour: string): string =>
    d ? element('path', { d, fill: colour, stroke: colour, 'stroke-width': 0.5 }) : '';
  const rest = paths((one) => !covered(one) && !beside(one));
  return fill(rest, '#d5d8da') + fill(paths(beside), '#8fbadb') + fill(paths(covered), blue);
}

function overseasMark({ id }: Department, territory: Territory, [x, y]: Point): string {
  const coverage = territory.departments.get(id)?.coverage;
  const fill = coverage === 'whole' ? blue : coverage === 'part' ? 'url(#partie)' : paleBlue;
  return (
    element('rect', {
      x,
      y,
      width: overseasBox,
      height: overseasBox,
      fill,
      stroke: rule,
      'stroke-width': 0.6,
    }) + numberOf(id, coverage, x + overseasBox / 2, y + overseasBox / 2 + 3)
  );
}

function fillOf({ id, region }: Department, territory: Territory): string {
  const coverage = territory.departments.get(id)?.coverage;
  if (coverage) return coverage === 'whole' ? blue : 'url(#partie)';
  return region === territory.region ? paleBlue : land;
}

function outline(one: Department, view: View, tolerance: number, fill: string): string {
  return element('path', { d: pathOf(one, view, tolerance), fill, stroke: rule, 'stroke-width': 0.6 });
}

function pathOf({ rings }: Department, view: View, tolerance: number): string {
  return rings
    .map((ring) => simplified(ring, tolerance / view.scale).map((point) => placed(point, view)))
    .filter((ring) => ring.length > 2)
    .map((ring) => `M${ring.map(([x, y]) => `${number(x)} ${number(y)}`).join('L')}Z`)
    .join('');
}

function placed([x, y]: Point, view: View): Point {
  return [view.x + x * view.scale, view.y + y * view.scale];
}

function fit(box: Box, x: number, y: number, width: number, height: number): View {
  const scale = Math.min(width / (box.right - box.left), height / (box.bottom - box.top));
  const left = x + (width - (box.right - box.left) * scale) / 2 - box.left * scale;
  const top = y + (height - (box.bottom - box.top) * scale) / 2 - box.top * scale;
  const seen = {
    left: (x - left) / scale,
    top: (y - top) / scale,
    right: (x + width - left) / scale,
    bottom: (y + height - top) / scale,
  };
  return { scale, x: left, y: top, box: seen };
}

function padded({ left, top, right, bottom }: Box): Box {
  const room = Math.max(right - left, bottom - top) * 0.06;
  return { left: left - room, top: top - room, right: right + room, bottom: bottom + room };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

/** Where in a network's file something comes from, as `file:line`. */
import type { Origin } from '../mapping/types.ts';
import type { MappedNetwork } from './types.ts';

/** The place of one element of a resource: its own origin, or that of the nearest element around or inside it. */
export function elementSource(
  element: string,
  origin: readonly Origin[],
  network: MappedNetwork | undefined,
): string | undefined {
  const said = origin.filter(({ path }) => path !== '');
  const exact = said.find((one) => one.element === element);
  const inside = said.find((one) => isInside(one.element, element));
  const around = said
    .filter((one) => isInside(element, one.element))
    .sort((a, b) => b.element.length - a.element.length)[0];
  const pointer = (exact ?? inside ?? around)?.path;
  return pointer === undefined ? resourceSource(origin, network) : placeOf(pointer, network);
}

/** The place of the part of the file that a whole resource comes from: what the pointers of its elements share. */
export function resourceSource(
  origin: readonly Origin[],
  network: MappedNetwork | undefined,
): string | undefined {
  const pointers = origin.map(({ path }) => path).filter(Boolean);
  if (pointers.length === 0) return network?.sourceFile || undefined;
  const deepest = pointers.reduce((one, other) => (depth(other) > depth(one) ? other : one));
  const item = /^(.*\/\d+)(\/|$)/.exec(deepest)?.[1]; // the innermost list item that it is about
  const shared = pointers.reduce(sharedPointer);
  return placeOf(shared || item || '', network);
}

function placeOf(pointer: string, network: MappedNetwork | undefined): string | undefined {
  if (!network) return undefined;
  const place = network.positionOf?.(pointer);
  return place ? `${place.file}:${place.line}` : `${network.sourceFile}#${pointer}`;
}

function depth(pointer: string): number {
  return pointer.split('/').length;
}

function sharedPointer(a: string, b: string): string {
  const [left, right] = [a.split('/'), b.split('/')];
  const end = left.findIndex((step, index) => step !== right[index]);
  return (end === -1 ? left : left.slice(0, end)).join('/');
}

function isInside(inner: string, outer: string): boolean {
  return inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
}

/** Coordinates of the legal projections (Lambert-93 and the UTM zones overseas) as WGS84 degrees. */
import { createRequire } from 'node:module';
import type Proj4 from 'proj4';
import tables from '../../../mappings/directory/finess.json' with { type: 'json' };

export type Degrees = { lat: number; lon: number };

const projections: Readonly<Record<string, string>> = tables.projections;
type Converter = { forward(from: [number, number]): number[] };
const converters = new Map<string, Converter>();

/** Metres of the projection that is legal where the commune (INSEE code) is; undefined when that point is nowhere near it. */
export function fromProjection(commune: string, x: number, y: number): Degrees | undefined {
  const place = commune.slice(0, 3);
  const name = place in projections ? place : '';
  let converter = converters.get(name);
  if (!converter) converters.set(name, (converter = converterFor(name)));
  const [lon = NaN, lat = NaN] = converter.forward([x, y]);
  return name === '' && !isMainland({ lat, lon }) ? undefined : plausible({ lat, lon });
}

/** The library is loaded by the first coordinates: a gateway that waits has none, and it takes 2 MiB. */
function converterFor(name: string): Converter {
  const proj4 = createRequire(import.meta.url)('proj4') as typeof Proj4;
  return proj4(projections[name]!, 'WGS84');
}

/** Degrees rounded to a metre; undefined for what is on no French territory (0/0, axes swapped). */
export function plausible({ lat, lon }: Degrees): Degrees | undefined {
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) return undefined;
  const found = territories.some(
    ([south, north, west, east]) => lat >= south && lat <= north && lon >= west && lon <= east,
  );
  return found ? { lat: Math.round(lat * 1e5) / 1e5, lon: Math.round(lon * 1e5) / 1e5 } : undefined;
}

type Box = readonly [south: number, north: number, west: number, east: number];
const mainland: Box = [41, 51.5, -5.5, 10];

function isMainland({ lat, lon }: Degrees): boolean {
  return lat >= mainland[0] && lat <= mainland[1] && lon >= mainland[2] && lon <= mainland[3];
}

/** Mainland and Corsica, Antilles, Guyane, La Réunion, Mayotte, Saint-Pierre-et-Miquelon, Pacific. */
const territories: readonly Box[] = [
  mainland,
  [14, 18.5, -63.5, -60.5],
  [2, 6, -55, -51],
  [-21.7, -20.7, 55, 56],
  [-13.2, -12.4, 44.8, 45.5],
  [46.6, 47.3, -56.6, -56],
  [-28, -7, -180, -134],
  [-23.5, -13, 158, 180],
];

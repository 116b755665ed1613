/** Communes in memory, nearest first from any of them, ring by ring: 35,000 points. */
import { distanceKm, type Point } from './distance.ts';

export type Place = Point & { commune: string };

export type Near = { commune: string; km: number };

export type Places = {
  at(commune: string): Place | undefined;
  /** Communes within so many kilometres and beyond so many, nearest first; beyond none, the commune itself is at their head. */
  around(from: Place, withinKm: number, beyondKm?: number): Near[];
};

/** The middle of several places: where a city of arrondissements is. Undefined without any. */
export function middleOf(commune: string, parts: readonly Place[]): Place | undefined {
  if (parts.length === 0) return undefined;
  const mean = (of: (place: Place) => number): number =>
    parts.reduce((sum, place) => sum + of(place), 0) / parts.length;
  return { commune, lat: mean(({ lat }) => lat), lon: mean(({ lon }) => lon) };
}

/** Degrees of latitude of one cell: 0.25° are about 28 km. */
const cell = 0.25;
const kmOfDegree = 111.2;

/** Cells round the earth. */
const round = 360 / cell;

/** An index of points by cells of a grid, so that a search looks at the cells it may reach and no others. */
export function placesOf(all: readonly Place[]): Places {
  const byCommune = new Map(all.map((one) => [one.commune, one]));
  const grid = Map.groupBy(all, ({ lat, lon }) => row(lat) * round + column(lon));

  return {
    at: (commune) => byCommune.get(commune),

    around(from, withinKm, beyondKm = -1) {
      const rows = Math.ceil(withinKm / kmOfDegree / cell);
      const columns = columnsAround(from, rows, withinKm);
      const found: Near[] = [];
      for (let up = -rows; up <= rows; up += 1)
        for (const at of columns)
          for (const place of grid.get((row(from.lat) + up) * round + at) ?? []) {
            const km = distanceKm(from, place);
            if (km <= withinKm && km > beyondKm) found.push({ commune: place.commune, km });
          }
      return found.sort((a, b) => a.km - b.km || (a.commune < b.commune ? -1 : 1));
    },
  };
}

/** A degree of longitude is shorter away from the equator; near a pole all columns are looked at. */
function columnsAround(from: Point, rows: number, withinKm: number): Set<number> {
  const furthest = Math.min(90, Math.abs(from.lat) + (rows + 1) * cell);
  const shrink = Math.max(1e-6, Math.cos((furthest * Math.PI) / 180));
  const reach = Math.min(round / 2, Math.ceil(withinKm / (kmOfDegree * shrink) / cell) + 1);
  const columns = new Set<number>();
  for (let step = -reach; step <= reach; step += 1)
    columns.add((((column(from.lon) + step) % round) + round) % round);
  return columns;
}

function row(lat: number): number {
  return Math.floor(lat / cell);
}

/** 180° east is 180° west. */
function column(lon: number): number {
  return ((Math.floor(lon / cell) % round) + round) % round;
}

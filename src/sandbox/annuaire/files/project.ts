/**
 * WGS84 degrees → metres of the legal projection of each French territory, forward formulas on GRS80: Lambert's conic
 * with two parallels for the mainland (EPSG:2154), transverse Mercator by Krüger's series for the UTM zones overseas.
 * Written out here so that no library is shared with who reads the files.
 */
const semiMajor = 6_378_137;
const flattening = 1 / 298.257222101;
const eccentricity = Math.sqrt(flattening * (2 - flattening));
const radians = Math.PI / 180;

export type Projected = { x: number; y: number; name: string };

type Utm = { zone: number; south: boolean; name: string };
const overseas: Readonly<Record<string, Utm>> = {
  '971': { zone: 20, south: false, name: 'EPSG:5490 RGAF09/UTM Zone 20N (Antilles)' },
  '972': { zone: 20, south: false, name: 'EPSG:5490 RGAF09/UTM Zone 20N (Antilles)' },
  '973': { zone: 22, south: false, name: 'EPSG:2972 RGFG95/UTM Zone 22N (Guyane)' },
  '974': { zone: 40, south: true, name: 'EPSG:2975 RGR92/UTM Zone 40S (Réunion)' },
  '976': { zone: 38, south: true, name: 'EPSG:4471 RGM04/UTM zone 38S (Mayotte)' },
};

/** Metres, to a tenth; `name` as the FINESS file names the projection. */
export function project(department: string, lat: number, lon: number): Projected {
  const utm = overseas[department];
  const { x, y } = utm ? transverseMercator(lat, lon, utm) : lambert93(lat, lon);
  const name = utm?.name ?? 'EPSG:2154 RGF93 / Lambert-93 (Métropole)';
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, name };
}

/** Parallels 44° and 49°, origin 46°30′ N 3° E, false origin 700 km and 6,600 km. */
function lambert93(lat: number, lon: number): { x: number; y: number } {
  const [first, second, origin] = [44 * radians, 49 * radians, 46.5 * radians];
  const exponent =
    Math.log(scaleAt(first) / scaleAt(second)) / Math.log(conformal(first) / conformal(second));
  const factor = scaleAt(first) / (exponent * conformal(first) ** exponent);
  const radius = (phi: number): number => semiMajor * factor * conformal(phi) ** exponent;
  const theta = exponent * (lon - 3) * radians;
  const rho = radius(lat * radians);
  return {
    x: 700_000 + rho * Math.sin(theta),
    y: 6_600_000 + radius(origin) - rho * Math.cos(theta),
  };
}

function scaleAt(phi: number): number {
  return Math.cos(phi) / Math.sqrt(1 - (eccentricity * Math.sin(phi)) ** 2);
}

function conformal(phi: number): number {
  const sine = eccentricity * Math.sin(phi);
  return Math.tan(Math.PI / 4 - phi / 2) / ((1 - sine) / (1 + sine)) ** (eccentricity / 2);
}

function transverseMercator(lat: number, lon: number, { zone, south }: Utm): { x: number; y: number } {
  const n = flattening / (2 - flattening);
  const radius = (semiMajor / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const series = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3,
    (61 / 240) * n ** 3,
  ];
  const away = (lon - (zone * 6 - 183)) * radians;
  const sine = Math.sin(lat * radians);
  const t = Math.sinh(Math.atanh(sine) - eccentricity * Math.atanh(eccentricity * sine));
  const xi = Math.atan2(t, Math.cos(away));
  const eta = Math.atanh(Math.sin(away) / Math.hypot(1, t));
  let [north, east] = [xi, eta];
  series.forEach((coefficient, step) => {
    const twice = 2 * (step + 1);
    north += coefficient * Math.sin(twice * xi) * Math.cosh(twice * eta);
    east += coefficient * Math.cos(twice * xi) * Math.sinh(twice * eta);
  });
  return {
    x: 500_000 + 0.9996 * radius * east,
    y: (south ? 10_000_000 : 0) + 0.9996 * radius * north,
  };
}

/** The territory: départements covered as a whole or in part, communes, and the region the network is in. */
import { managedByTag } from '../fhir/names.ts';
import type { Extension, Location, Organization } from '../fhir/types.ts';
import france from './france.json' with { type: 'json' };
import type { Shown } from './shown.ts';
import type { Coverage, Territory } from './types.ts';

const names = new Map(france.departments.map(({ id, name }) => [id, name]));
const regions: Readonly<Record<string, string>> = france.regions;

/** What the Locations of the network say; a département of which only communes are covered is covered in part. */
export function territoryOf(shown: Shown, network: Organization): Territory {
  const locations = shown.all<Location>('Location');
  const departments = new Map<string, { name: string; coverage: Coverage; detail?: string }>();
  const communes = locations.flatMap(({ extension }) => communesIn(extension));
  const places: string[] = [];
  const whole = locations.find(({ partOf }) => !partOf);
  for (const location of locations) {
    if (location === whole) continue;
    const code = location.key.split('/').at(-1)!.toUpperCase();
    if (!names.has(code)) places.push([location.name, location.description].filter(Boolean).join(', '));
    else {
      const detail = location.description;
      const name = location.name ?? names.get(code)!;
      departments.set(code, { name, coverage: detail ? 'part' : 'whole', ...(detail ? { detail } : {}) });
    }
  }
  for (const { code } of communes) {
    const department = departmentOf(code);
    const name = names.get(department);
    if (name) departments.set(department, { name, ...departments.get(department), coverage: 'part' });
  }
  const region = regionOf(network) ?? locations.map(regionOf).find((found) => found);
  return {
    ...(whole?.name ? { name: whole.name } : {}),
    ...(region ? { region } : {}),
    departments,
    communes: communes.map(({ name }) => name),
    places,
  };
}

/** Overseas départements have three characters. */
function departmentOf(commune: string): string {
  return commune.slice(0, commune.startsWith('97') ? 3 : 2);
}

type Commune = { code: string; name: string };

/** Codings of communes (INSEE, five characters) wherever an extension holds one, with the inhabitants told with the code. */
function communesIn(extensions: readonly Extension[] | undefined): Commune[] {
  return (extensions ?? []).flatMap((one) => {
    const parts = one.extension ?? [];
    const coding = one.valueCoding ?? parts.find((part) => part.valueCoding)?.valueCoding;
    if (!coding?.code || !/^[0-9][0-9AB][0-9]{3}$/.test(coding.code)) return communesIn(parts);
    const inhabitants = (coding.extension ?? [])
      .flatMap(({ extension }) => extension ?? [])
      .find((part) => part.valueInteger !== undefined)?.valueInteger;
    const name = coding.display ?? coding.code;
    const told = inhabitants === undefined ? name : `${name} (${grouped(inhabitants)} hab.)`;
    return [{ code: coding.code, name: told }];
  });
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function regionOf({ meta }: Organization | Location): string | undefined {
  const tags = (meta?.tag ?? []).filter(({ system }) => system !== managedByTag.system);
  return tags.map(({ code }) => code).find((code) => code !== undefined && Object.hasOwn(regions, code));
}

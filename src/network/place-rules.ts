/** What the official geographic code says of a territory: is there such a département, is that its name and its region? */
import type { Places } from './places.ts';
import { departmentOf } from './places.ts';
import type { Breach } from './rule-check.ts';
import type { RuleOf } from './rule.ts';
import { slugOf } from './slug.ts';
import { territoryOf } from './territory.ts';
import type { JsonObject } from '../fhir/types.ts';

/** Breaches of a `places` rule; none where nothing is known of places. */
export function placeBreaches(
  data: JsonObject,
  { what }: RuleOf<'places'>,
  places: Places | undefined,
): Breach[] {
  if (!places || places.departments.size === 0) return [];
  const { region, departments, communes } = territoryOf(data);
  const known = (code: string) => places.departments.get(code);
  if (what === 'known')
    return [
      ...departments.flatMap(({ pointer, code }) =>
        code === '' || known(code) ? [] : [{ pointer: `${pointer}/code`, value: code }],
      ),
      ...communes.flatMap(({ pointer, code }) =>
        code === '' || known(departmentOf(code)) ? [] : [{ pointer: `${pointer}/insee`, value: code }],
      ),
    ];
  if (what === 'named')
    return departments.flatMap(({ pointer, code, name }) => {
      const right = known(code)?.name;
      return right === undefined || name === '' || slugOf(right) === slugOf(name)
        ? []
        : [{ pointer: `${pointer}/nom`, value: `${code} : ${right}` }];
    });
  if (!places.regions.has(region)) return [];
  return [
    ...departments.map((place) => ({ ...place, field: 'code', department: place.code })),
    ...communes.map((place) => ({ ...place, field: 'insee', department: departmentOf(place.code) })),
  ].flatMap(({ pointer, field, code, department }) => {
    const own = known(department)?.region;
    return own === undefined || own === region ? [] : [{ pointer: `${pointer}/${field}`, value: code }];
  });
}

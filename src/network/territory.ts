import type { JsonObject } from '../fhir/types.ts';
import { textOf } from '../mapping/compilation.ts';
import { itemsAt } from './items.ts';

/** A département or a commune of a network's territory. `part`: how much of it is covered, when not all. */
export type Place = { pointer: string; code: string; name: string; part?: string };

const departmentsPath = 'territoire/departements';
const communesPath = 'territoire/communes';

/**
 * The territory that networks of every kind describe in the same way (`mappings/network.schema.json`, territory).
 * Communes listed say how much of their département is covered.
 */
export function territoryOf(data: JsonObject): { region: string; departments: Place[]; communes: Place[] } {
  const territory = data['territoire'];
  const region =
    typeof territory === 'object' && territory !== null && 'region' in territory ? territory.region : '';
  const places = (path: string, code: string): Place[] =>
    itemsAt(data, path).map(({ pointer, value }) => {
      const part = value['partie'];
      return {
        pointer,
        code: textOf(value[code]),
        name: textOf(value['nom']),
        ...(typeof part === 'string' ? { part } : {}),
      };
    });
  return {
    region: textOf(region),
    departments: places(departmentsPath, 'code'),
    communes: places(communesPath, 'insee'),
  };
}

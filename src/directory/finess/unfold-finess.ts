/** Held cells of FINESS as the data of mappings/directory/mapping.json. */
import type { JsonObject } from '../../fhir/types.ts';
import { namedCells } from '../named-cells.ts';
import { finessCells } from './structure.ts';

export function unfoldFiness(cells: readonly string[]): JsonObject {
  const {
    level,
    finess,
    legal: _legal,
    longName,
    line1,
    line2,
    line3,
    complement,
    name,
    ...others
  } = namedCells(finessCells, cells);
  const lines = [line1, line2, line3].filter((line): line is string => !!line);
  const whole = longName ?? name ?? '';
  const { status: _status, ...rest } = others;
  return {
    ...rest,
    ...(level === 'L' ? { legal: true, legalNumber: finess ?? '' } : { finess: finess ?? '' }),
    name: complement ? `${whole} ${complement}` : whole,
    ...(name && name !== whole ? { alias: name } : {}),
    ...(lines.length ? { lines } : {}),
    ...(lines.length || others.city ? { country: 'FR' } : {}),
  };
}

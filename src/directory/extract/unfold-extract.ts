/** Held cells of the flat extracts as the data of mappings/directory/mapping.json. */
import type { JsonObject } from '../../fhir/types.ts';
import { namedCells } from '../named-cells.ts';
import { isFiness } from './activity-line.ts';
import { personCells, qualificationCells, roleCells, structureCells } from './forms.ts';
import { knowHowCode, professionCode } from './tables.ts';

export function unfoldRole(cells: readonly string[]): JsonObject {
  const { professionLabel, knowHowType, knowHowLabel, functionLabel, ...role } = namedCells(roleCells, cells);
  return {
    ...role,
    ...(role.profession ? labelled('profession', professionCode(role.profession), professionLabel) : {}),
    ...(role.knowHow ? labelled('knowHow', knowHowCode(knowHowType ?? '', role.knowHow), knowHowLabel) : {}),
    ...(role.function && functionLabel ? { functionLabel } : {}),
  };
}

function labelled(name: string, coded: string, label: string | undefined): JsonObject {
  return { [`${name}System`]: systemOf(coded), ...(label ? { [`${name}Label`]: label } : {}) };
}

function systemOf(coded: string): string {
  return coded.slice(0, coded.indexOf('|'));
}

export function unfoldPerson(cells: readonly string[]): JsonObject {
  const { id, titleCode, civilityCode, family, given } = namedCells(personCells, cells);
  const qualifications = new Map<string, JsonObject>();
  for (let at = personCells.length; at < cells.length; at += qualificationCells.length) {
    const one = namedCells(qualificationCells, cells.slice(at, at + qualificationCells.length));
    if (one.profession) add(professionCode(one.profession), one.professionLabel);
    if (one.knowHow) add(knowHowCode(one.knowHowType ?? '', one.knowHow), one.knowHowLabel);
  }
  return {
    ...(id && /^[0-9]{11}$/.test(id) ? { rpps: id } : {}),
    ...(titleCode ? { title: titleCode } : {}),
    ...(civilityCode ? { civility: civilityCode } : {}),
    ...(family ? { family } : {}),
    ...(given ? { given: given.split(/\s+/) } : {}),
    qualifications: [...qualifications.values()],
  };

  function add(coded: string, display: string | undefined): void {
    const system = systemOf(coded);
    const code = coded.slice(system.length + 1);
    qualifications.set(coded, { system, code, ...(display ? { display } : {}) });
  }
}

export function unfoldStructure(cells: readonly string[]): JsonObject {
  const cell = namedCells(structureCells, cells);
  const street = [cell.number, cell.repeat, cell.wayType ?? cell.wayCode, cell.way].filter(Boolean).join(' ');
  const lines = [cell.recipient, cell.geographicPoint, street, cell.mention].filter(
    (line): line is string => !!line,
  );
  const name =
    cell.name ?? cell.sign ?? `Structure ${cell.technical ?? cell.siret ?? cell.finess ?? ''}`.trim();
  const city = cell.communeName ?? cell.cedex?.replace(/^[0-9AB]{5}\s+/, '');
  return {
    name,
    ...(cell.sign && cell.sign !== name ? { alias: cell.sign } : {}),
    ...(isFiness(cell.finess ?? '') ? { finess: cell.finess! } : {}),
    ...(/^[0-9]{14}$/.test(cell.siret ?? '') ? { siret: cell.siret! } : {}),
    ...(!cell.siret && /^[0-9]{9}$/.test(cell.siren ?? '') ? { siren: cell.siren! } : {}),
    ...(cell.technical ? { technical: cell.technical } : {}),
    ...(cell.sector ? { sector: cell.sector } : {}),
    ...(lines.length ? { lines } : {}),
    ...(city ? { city } : {}),
    ...(cell.postcode ? { postcode: cell.postcode } : {}),
    ...(/^[0-9][0-9AB][0-9]{3}$/.test(cell.commune ?? '') ? { commune: cell.commune! } : {}),
    ...(cell.country ? { country: cell.country } : {}),
  };
}

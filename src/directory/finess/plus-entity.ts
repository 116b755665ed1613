/** A legal entity of FINESS+ (structures v1.0.0) with its establishments, as records. */
import type { Json, JsonObject } from '../../fhir/types.ts';
import type { CountedIssues } from '../files/counted-issues.ts';
import type { ReadRecord } from '../types.ts';
import { usableDay, usableFiness, usableSiret } from './checks.ts';
import { type Degrees, fromProjection, plausible } from './position.ts';
import { finessRecord, type FinessStructure } from './structure.ts';

type Place = { line: number };
const activeState = 'A';
/** Uses of an address: the seat of an entity, the main one of a site. */
const mainUse = { L: '02', S: '03' } as const;

/** What an entity says: its records, itself first; numbers of those that cannot be read; how many do not even have one. */
export type EntityRead = { records: ReadRecord[]; unread: string[]; nameless: number };

/** What is wrong is counted at the rank of the entity. */
export function readEntity(
  entity: JsonObject,
  issues: CountedIssues,
  { line, asOf }: Place & { asOf: string },
): EntityRead {
  const read: EntityRead = { records: [], unread: [], nameless: 0 };
  const about = objectAt(entity['informationsGeneralesPMEJ']);
  const place = { line };
  const finess = usableFiness(textOf(about['numFinessPm']), issues, place);
  record('L', finess, textOf(about['denominationPm']), about, entity);
  for (const site of listAt(entity['ege'])) {
    const info = objectAt(site['informationsGeneralesEGE']);
    const number = usableFiness(textOf(info['numFinessEge']), issues, place);
    record('S', number, textOf(info['nomEgeCourt']), info, site);
  }
  return read;

  function record(
    level: 'L' | 'S',
    number: string | undefined,
    short: string,
    info: JsonObject,
    whole: JsonObject,
  ): void {
    if (number === undefined) return void (read.nameless += 1);
    const long = textOf(info[level === 'L' ? 'denominationLonguePmSmsse' : 'nomEgeLong']);
    const name = short || long;
    if (!name) {
      issues.add('line:name', place);
      return void read.unread.push(number);
    }
    const address = mainOf(listAt(whole['adresse']), level);
    const opened = usableDay(textOf(info[level === 'L' ? 'dateCreation' : 'dateOuverture']), issues, place);
    if (opened && opened > asOf) issues.add('date:future', place);
    const ended = usableDay(textOf(info['dateFermeture']), issues, place);
    const state = textOf(whole['etatObjet']);
    const closed = state ? state !== activeState : ended !== undefined && ended <= asOf;
    const structure: FinessStructure = {
      level,
      finess: number,
      name,
      ...(level === 'S' && finess ? { legal: finess } : {}),
      longName: long,
      complement: textOf(info['complementDenominationEg']),
      ...addressOf(address),
      ...contactOf(listAt(whole['contact'])),
      category: textOf(whole['categorieentiteGeographiqueExercice']),
      status: textOf(info['statutJuridique']),
      siret: usableSiret(textOf(info['siret']), issues, place) ?? '',
      siren: /^[0-9]{9}$/.test(textOf(info['siren'])) ? textOf(info['siren']) : '',
      opened: opened ?? '',
      ended: ended ?? '',
    };
    const position = positionOf(address);
    if (position === 'far') issues.add('position:far', place);
    const found = position === 'far' ? undefined : position;
    read.records.push(finessRecord(structure, found, closed ? 'closed' : 'active'));
  }
}

function addressOf(address: JsonObject): Partial<FinessStructure> {
  const street = ['numeroVoie', 'typeVoie', 'libelleVoie'].map((name) => textOf(address[name]));
  const fourth = textOf(address['ligneQuatre']);
  const commune = textOf(address['cogCommune']);
  return {
    line1: textOf(address['complementPointGeographique']),
    line2: street.filter(Boolean).join(' ') || fourth,
    line3: [textOf(address['complementVoie']), textOf(address['lieuDit'])].filter(Boolean).join(' '),
    postcode: textOf(address['codePostal']),
    city: textOf(address['ligneAcheminement']).replace(/^[0-9AB]{5}\s+/, ''),
    commune: /^[0-9][0-9AB][0-9]{3}$/.test(commune) ? commune : '',
  };
}

function contactOf(contacts: readonly JsonObject[]): Partial<FinessStructure> {
  const telecom = objectAt(contacts[0]?.['telecom']);
  return {
    phone: textOf(telecom['telephone']),
    fax: textOf(telecom['telecopie']),
    email: textOf(telecom['courriel']),
  };
}

function mainOf(addresses: readonly JsonObject[], level: 'L' | 'S'): JsonObject {
  return addresses.find((one) => one['usageAdresse'] === mainUse[level]) ?? addresses[0] ?? {};
}

/** Degrees as they are given; else metres, whose axes are written either way round in this layout. */
function positionOf(address: JsonObject): Degrees | 'far' | undefined {
  const given = objectAt(address['coordonneesGeographique']);
  const [lat, lon] = [numberAt(given['directionLatitude']), numberAt(given['directionLongitude'])];
  if (lat !== undefined && lon !== undefined) return plausible({ lat, lon }) ?? 'far';
  const [x, y] = [numberAt(given['coordonneeX']), numberAt(given['coordonneeY'])];
  const commune = textOf(address['cogCommune']);
  if (x === undefined || y === undefined || !commune) return undefined;
  return fromProjection(commune, x, y) ?? fromProjection(commune, y, x) ?? 'far';
}

function numberAt(value: Json | undefined): number | undefined {
  const text = textOf(value).replace(',', '.');
  return text && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function objectAt(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function listAt(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(objectAt) : [];
}

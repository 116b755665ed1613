/** What a structure of the emulated directory is: drawn from the index, or said by a pin or a scenario. */
import { draw, fraction } from './chance.ts';
import { dateOf } from './calendar.ts';
import type { Address, Code, Commune, StructureFacts } from './facts.ts';
import { finessOf, idNatStOf, siretOf, sirenOf, technicalOf } from './identify.ts';
import { familyOf, plain } from './person.ts';
import { standing } from './standing.ts';
import { level, past, type State } from './state.ts';
import { stream } from './streams.ts';
import { none } from './table.ts';
import { codes, communes, names } from './tables.ts';

const levels = ['legal', 'site', 'practice'] as const;
const sectors = codes.sectors as Record<string, string>;

export function structureFacts(state: State, structure: number): StructureFacts {
  const { columns } = state.structures;
  const said = state.structuresSaid.get(structure);
  const of = columns.level[structure]!;
  const address = addressOf(state, structure);
  const named = nameOf(state, structure, address.commune);
  const finess = finessOf(state, structure);
  const siren = sirenOf(state, structure);
  const siret = siretOf(state, structure);
  const mailbox = said?.mailbox ?? mailboxOf(state, structure, named.name);
  return {
    ...standing(state, 'Organization', state.structures, structure),
    level: levels[of]!,
    idNatSt: idNatStOf(state, structure),
    ...(finess && { finess }),
    ...(siren && { siren }),
    ...(siret && { siret }),
    technical: technicalOf(state, structure),
    name: said?.name ?? named.name,
    longName: said?.name ?? named.longName,
    ...kindOf(state, structure),
    address,
    phone: said?.phone ?? phoneOf(state, structure),
    ...(mailbox && { mailbox }),
    ...(of === level.site && columns.parent[structure] !== none && { parent: columns.parent[structure]! }),
    opened: openedOn(state, structure),
  };
}

function kindOf(state: State, structure: number): { category?: Code; sector: Code; legalStatus?: Code } {
  const { columns } = state.structures;
  const said = state.structuresSaid.get(structure);
  if (columns.level[structure] === level.practice) {
    const { code } = codes.practiceSectors[columns.category[structure]!]!;
    return { sector: { code, label: sectors[code]! } };
  }
  const row = codes.categories[columns.category[structure]!]!;
  const sector = said?.sector ?? row.sector;
  const category = {
    code: said?.category ?? row.code,
    label: said?.category ? labelOf(said.category) : row.label,
  };
  const statuses = codes.statuses as Record<string, string>;
  return {
    ...(columns.level[structure] === level.site && { category }),
    sector: { code: sector, label: sectors[sector] ?? sector },
    legalStatus: { code: row.status, label: statuses[row.status]! },
  };
}

function labelOf(category: string): string {
  return codes.categories.find(({ code }) => code === category)?.label ?? category;
}

function nameOf(state: State, structure: number, commune: Commune): { name: string; longName: string } {
  const { columns } = state.structures;
  const epoch = columns.epoch[structure]!;
  const word = names.words[draw(state.seed, stream.word, structure, epoch) % names.words.length]!;
  if (columns.level[structure] === level.practice) {
    const { name } = codes.practiceSectors[columns.category[structure]!]!;
    // The founder's name stays when the founder changes it.
    const own = epoch === 0 ? familyOf(state, columns.parent[structure]!, 0) : word;
    return { name: `${name} ${own}`, longName: `${name} ${own}` };
  }
  const row = codes.categories[columns.category[structure]!]!;
  const fill = (form: string): string =>
    form.replace('{word}', word).replace('{commune}', plainTown(commune.name));
  const before = columns.level[structure] === level.legal ? 'GESTION ' : '';
  return { name: `${before}${fill(row.name)}`, longName: `${before}${fill(row.long)}` };
}

/** Towns in capitals without accents or hyphens, as files write them. */
export function plainTown(name: string): string {
  const known = plainTowns.get(name);
  if (known !== undefined) return known;
  const town = plain(name).replaceAll('-', ' ').toUpperCase();
  if (plainTowns.size < 10_000) plainTowns.set(name, town);
  return town;
}

const plainTowns = new Map<string, string>();

function addressOf(state: State, structure: number): Address {
  const { seed } = state;
  const { columns } = state.structures;
  const said = state.structuresSaid.get(structure);
  const place = columns.place[structure]!;
  const drawn = communes[columns.commune[structure]!]!;
  const town = said?.city && said.commune === undefined && place === 0;
  const commune = town ? { ...drawn, code: '', name: said.city!, postcode: said.postcode ?? '' } : drawn;
  const move = (salt: number): number => (fraction(seed, salt, structure, place) - 0.5) * 0.04;
  return {
    number: String(1 + (draw(seed, stream.streetNumber, structure, place) % 180)),
    streetType: codes.streets[draw(seed, stream.streetType, structure, place) % codes.streets.length]!,
    street: names.streets[draw(seed, stream.street, structure, place) % names.streets.length]!,
    commune,
    lat: round(drawn.lat + move(stream.latitude)),
    lon: round(drawn.lon + move(stream.longitude)),
  };
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

/** From the ranges that ARCEP keeps for works of fiction. */
function phoneOf(state: State, structure: number): string {
  const number = draw(state.seed, stream.phone, structure);
  return `${names.phones[number % names.phones.length]}${String((number >>> 8) % 10_000).padStart(4, '0')}`;
}

function mailboxOf(state: State, structure: number, name: string): string | undefined {
  if (state.structures.columns.level[structure] !== level.site) return undefined;
  if (fraction(state.seed, stream.structureMailbox, structure) >= 0.3) return undefined;
  return `${plain(name)}.${structure}@etablissement.${names.mailboxRoot}`;
}

function openedOn(state: State, structure: number): string {
  const shown = state.structures.columns.shown[structure]!;
  const hidden = shown > past && shown <= past + 100;
  const day =
    shown === 0 || hidden ? past - 1100 - (draw(state.seed, stream.opened, structure) % 15_000) : shown;
  return dateOf(state, day);
}

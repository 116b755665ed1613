/** FINESS establishments in the old layout: `structureet` lines, then a `geolocalisation` line for each. */
import type { StructureFacts } from '../population/facts.ts';
import { plainTown } from '../population/structure.ts';
import { codes } from '../population/tables.ts';
import type { Population } from '../population/types.ts';
import { project } from './project.ts';
import type { RowFile } from './types.ts';

/** FINESS writes overseas départements with a letter. */
const overseas: Readonly<Record<string, string>> = {
  '971': '9A',
  '972': '9B',
  '973': '9C',
  '974': '9D',
  '976': '9F',
};
const rates = codes.rates as Record<string, string>;

export function finessFile(population: Population): RowFile {
  const stamp = population.day.replaceAll('-', '');
  return {
    name: `etalab-cs1100507-stock-${stamp}-0339.csv`,
    separator: ';',
    trailing: false,
    preamble: [`finess;etalab;98;${population.day}`],
    *rows() {
      for (const site of openSites(population)) yield structureRow(population, site);
      for (const site of openSites(population)) yield positionRow(population, site);
    },
  };
}

/** Sites with FINESS that are open and served. */
export function* openSites(population: Population): Generator<StructureFacts> {
  for (let index = 0; index < population.count('Organization'); index += 1) {
    if (!population.isActive('Organization', index) || !population.finessOf(index)) continue;
    const facts = population.structure(index)!;
    if (facts.level === 'site' && facts.served) yield facts;
  }
}

export function categoryRow(facts: StructureFacts) {
  return codes.categories.find(({ code }) => code === facts.category?.code);
}

function structureRow(population: Population, facts: StructureFacts): string[] {
  const { commune, number, streetType, street } = facts.address;
  const { code: insee, department } = commune;
  const legal = facts.parent === undefined ? undefined : population.finessOf(facts.parent);
  const category = categoryRow(facts);
  const isPublic = facts.sector.code === category?.sector && category.status === '13';
  return [
    'structureet',
    facts.finess ?? '',
    legal ?? '',
    facts.name.slice(0, 38),
    facts.longName.slice(0, 60),
    '',
    '',
    number,
    streetType.code,
    street,
    '',
    '',
    insee.slice(-3),
    overseas[department] ?? department,
    '',
    `${commune.postcode} ${plainTown(commune.name)}`,
    facts.phone,
    '',
    facts.category?.code ?? '',
    facts.category?.label ?? '',
    category?.group ?? '',
    category?.groupLabel ?? '',
    facts.siret ?? '',
    category?.ape ?? '',
    category?.rate ?? '',
    category ? rates[category.rate]! : '',
    isPublic ? '1' : '0',
    isPublic ? 'Etablissement public de santé' : 'Non concerné',
    facts.opened,
    facts.opened,
    population.dateOf(facts.changed),
    '',
  ];
}

/** Coordinates of a town without INSEE code are not known: the line stays, empty. */
function positionRow(population: Population, facts: StructureFacts): string[] {
  const { commune, lat, lon } = facts.address;
  if (!commune.code) return ['geolocalisation', facts.finess ?? '', '', '', '', population.day];
  const { x, y, name } = project(commune.department, lat, lon);
  const source = `2,ATLASANTE,96,BAN,${name}`;
  return ['geolocalisation', facts.finess ?? '', x.toFixed(1), y.toFixed(1), source, population.day];
}

/** FINESS in the new layout (FINESS+, structures v1.0.0): legal entities with their establishments, as one JSON text. */
import type { StructureFacts } from '../population/facts.ts';
import { plainTown } from '../population/structure.ts';
import type { Population } from '../population/types.ts';
import { categoryRow } from './finess.ts';
import { project } from './project.ts';

/** File name of the day. */
export function finessPlusName(population: Population): string {
  return `finess-structures-journalier-${population.day.replaceAll('-', '')}.json`;
}

/** Pieces of the text, one a legal entity; counts entities through `count`. */
export function* finessPlusText(
  population: Population,
  count: (entities: number) => void,
): Generator<string> {
  const head = { schemaVersion: 'v1.0.0', generatedAt: `${population.day}T05:49:37.615Z`, gcc: [], gco: [] };
  yield `${JSON.stringify(head).slice(0, -1)},"pmej":[\n`;
  let first = true;
  for (let index = 0; index < population.count('Organization'); index += 1) {
    if (!population.finessOf(index)) continue;
    const facts = population.structure(index)!;
    if (facts.level !== 'legal') continue;
    const sites = population
      .linked('Organization', 'partof', index)
      .map((site) => ({ site, facts: population.structure(site)! }))
      .filter((one) => one.facts.served || !one.facts.active);
    yield `${first ? '' : ',\n'}${JSON.stringify(legalEntity(population, index, facts, sites))}`;
    first = false;
    count(1 + sites.length);
  }
  yield '\n]}\n';
}

function legalEntity(
  population: Population,
  index: number,
  facts: StructureFacts,
  sites: readonly { site: number; facts: StructureFacts }[],
): object {
  return {
    informationsGeneralesPMEJ: {
      pmSmsseId: String(index + 1),
      ...(categoryRow(sites[0]?.facts ?? facts) && { codeApe: ape(sites[0]?.facts ?? facts) }),
      dateCreation: facts.opened,
      ...closing(population, facts, 'dateFermeture'),
      denominationLonguePmSmsse: facts.longName,
      denominationPm: facts.name,
      numFinessPm: facts.finess,
      ...(facts.siren && { siren: facts.siren }),
      ...(facts.legalStatus && { statutJuridique: facts.legalStatus.code }),
      typePersonneMorale: '01',
    },
    adresse: [address(facts, '02')],
    contact: [contact(facts)],
    engagement: [],
    evenement: [],
    ege: sites.map((one) => establishment(population, one.site, one.facts)),
    ...written(population, facts),
  };
}

function establishment(population: Population, index: number, facts: StructureFacts): object {
  return {
    informationsGeneralesEGE: {
      egeId: String(index + 1),
      ...closing(population, facts, 'dateFermeture'),
      dateOuverture: facts.opened,
      datePremiereAutorisation: facts.opened,
      nomEgeCourt: facts.name,
      nomEgeLong: facts.longName,
      numFinessEge: facts.finess,
      espic: ['0'],
      ...(facts.siret && { siret: facts.siret }),
    },
    categorieentiteGeographiqueExercice: facts.category?.code,
    modefixationtarifaire: categoryRow(facts)?.rate ?? '99',
    typeBudget: ['01'],
    adresse: [address(facts, '03')],
    contact: [contact(facts)],
    engagement: [],
    evenement: [],
    roleEge: [],
    ...written(population, facts),
  };
}

function ape(facts: StructureFacts): string {
  const code = categoryRow(facts)?.ape ?? '';
  return `${code.slice(0, 2)}.${code.slice(2)}`;
}

function closing(population: Population, facts: StructureFacts, name: string): object {
  return facts.closed === undefined ? {} : { [name]: population.dateOf(facts.closed) };
}

/** State of the object (A, I) and when it was last written. */
function written(population: Population, facts: StructureFacts): object {
  return {
    etatObjet: facts.active ? 'A' : 'I',
    dateDerniereMaj: `${population.dateOf(facts.closed ?? facts.changed)} 00:00:00`,
  };
}

/** In this layout X is the northing and Y the easting, as published. */
function address(
  { address: { number, streetType, street, commune, lat, lon } }: StructureFacts,
  use: string,
): object {
  const { x, y } = project(commune.department, lat, lon);
  const position = {
    coordonneeX: y.toFixed(2),
    coordonneeY: x.toFixed(2),
    directionLatitude: lat.toFixed(6),
    directionLongitude: lon.toFixed(6),
    scoreBAN: '0.96',
  };
  return {
    usageAdresse: use,
    numeroVoie: number,
    typeVoie: streetType.code,
    libelleVoie: street,
    ...(commune.code && { cogCommune: commune.code }),
    ligneAcheminement: plainTown(commune.name),
    ligneQuatre: `${number} ${streetType.label.toUpperCase()} ${street}`,
    codePostal: commune.postcode,
    ...(commune.code && { coordonneesGeographique: position }),
  };
}

function contact({ phone }: StructureFacts): object {
  return { typeContact: { roleContact: '01' }, telecom: { telephone: phone } };
}

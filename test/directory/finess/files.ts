/** FINESS files for tests, both layouts, of invented establishments. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finess } from '../extract/lines.ts';

export type Site = { number: number; cells?: Record<number, string>; x?: string; y?: string };

/** A `structureet` line; `cells` replaces cells by their index. */
export function siteLine({ number, cells = {} }: Site): string {
  const line = Array.from({ length: 32 }, () => '');
  Object.assign(line, {
    0: 'structureet',
    1: finess(number),
    2: finess(900000 + (number % 50)),
    3: `CENTRE ESSAI ${number}`,
    4: `CENTRE HOSPITALIER D’ESSAI ${number}`,
    7: '3',
    8: 'R',
    9: 'DES TESTS',
    12: '123',
    13: '75',
    15: '75013 PARIS',
    16: '0199000000',
    18: '355',
    19: 'Centre Hospitalier (C.H.)',
    22: '99999001300017',
    28: '1979-02-13',
    ...cells,
  });
  return line.join(';');
}

export function positionLine({ number, x = '652469.0', y = '6862035.3' }: Site): string {
  return `geolocalisation;${finess(number)};${x};${y};2,ATLASANTE,96,BAN,LAMBERT_93;2026-11-01`;
}

export function writeEtalab(
  folder: string,
  sites: readonly Site[],
  {
    name = 'etalab-cs1100507-stock-20261127-0339.csv',
    encoding = 'utf8',
  }: { name?: string; encoding?: BufferEncoding } = {},
): string {
  const path = join(folder, name);
  const lines = ['finess;etalab;98;2026-11-27', ...sites.map(siteLine), ...sites.map(positionLine)];
  writeFileSync(path, Buffer.from(lines.map((line) => `${line}\n`).join(''), encoding));
  return path;
}

export function plusEntity(number: number, sites: readonly number[]): object {
  const address = {
    usageAdresse: '03',
    numeroVoie: '3',
    typeVoie: 'R',
    libelleVoie: 'DES TESTS',
    codePostal: '97110',
    cogCommune: '97120',
    ligneAcheminement: 'POINTE A PITRE',
    coordonneesGeographique: { directionLatitude: '16.241100', directionLongitude: '-61.533100' },
  };
  const contact = { typeContact: { roleContact: '01' }, telecom: { telephone: '0199000000' } };
  return {
    informationsGeneralesPMEJ: {
      pmSmsseId: String(number),
      numFinessPm: finess(900000 + number),
      denominationPm: `ASSOCIATION D"ESSAI { ${number}`,
      denominationLonguePmSmsse: `ASSOCIATION [D'ESSAI] ${number}`,
      siren: '999990013',
      dateCreation: '1980-01-01',
    },
    adresse: [{ ...address, usageAdresse: '02' }],
    contact: [contact],
    ege: sites.map((site) => ({
      informationsGeneralesEGE: {
        egeId: String(site),
        numFinessEge: finess(site),
        nomEgeCourt: `MAISON ESSAI ${site}`,
        nomEgeLong: `MAISON DE SANTÉ D'ESSAI ${site}`,
        siret: '99999001300017',
        dateOuverture: '1990-01-01',
        ...(site % 10 === 7 ? { dateFermeture: '2024-06-30' } : {}),
      },
      categorieentiteGeographiqueExercice: '603',
      adresse: [address],
      contact: [contact],
      etatObjet: site % 10 === 7 ? 'I' : 'A',
      dateDerniereMaj: '2026-05-01 00:00:00',
    })),
    etatObjet: 'A',
    dateDerniereMaj: '2026-05-01 00:00:00',
  };
}

export function plusText(entities: readonly object[]): string {
  const head = {
    schemaVersion: 'v1.0.0',
    generatedAt: '2026-11-27T05:49:37.615Z',
    gco: [],
    gcc: [{ gccId: 'G1' }],
  };
  return JSON.stringify({ ...head, pmej: entities });
}

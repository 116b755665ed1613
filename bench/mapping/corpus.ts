/** The corpus of P4, « sites »: networks of forty invented establishments each, every field filled, the same at every run. */
import type { JsonObject } from '../../src/fhir/types.ts';
import type { SourceRecord } from '../../src/mapping/types.ts';

export const corpusName = 'sites (seed 4)';

type Field =
  | ('id' | 'nom' | 'finess' | 'categorie' | 'statut')
  | ('telephone' | 'courriel' | 'messagerie' | 'adresse' | 'ville' | 'code_postal');
export type Site = Readonly<Record<Field, string>>;

const categories = [
  ...['centre-hospitalier', 'etablissement-soins-chirurgicaux', 'etablissement-soins-medicaux'],
  ...['etablissement-soins-pluridisciplinaires', 'centre-hospitalier-regional', 'centre-de-sante'],
];
const words = ['Clinique', 'Centre', 'Hôpital', 'des Tilleuls', 'du Méandre', 'de la Forêt', 'Saint-Fictif'];

/** Networks of forty sites; `count` of them. */
export function sitesOf(count: number): Site[][] {
  const draw = drawsFrom(4);
  const pick = (list: readonly string[]): string => list[Math.floor(draw() * list.length)]!;
  let number = 0;
  return Array.from({ length: count }, () =>
    Array.from({ length: 40 }, (): Site => {
      number += 1;
      const digits = String(number).padStart(7, '0');
      return {
        id: `site-${number}`,
        nom: `${pick(words)} ${pick(words)} ${number} (inventé)`,
        finess: `99${digits}`,
        categorie: pick(categories),
        statut: pick(['public', 'prive']),
        telephone: `03 00 ${digits.slice(1, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`,
        courriel: `accueil@site-${number}.example`,
        messagerie: `contact@site-${number}.mssante.example`,
        adresse: `${1 + Math.floor(draw() * 200)} rue ${pick(words)}`,
        ville: 'Ville fictive',
        code_postal: `99${digits.slice(-3)}`,
      };
    }),
  );
}

export function recordOf(sites: readonly Site[], index: number): SourceRecord {
  const data: JsonObject = { id: `reseau-${index}`, name: `Réseau ${index}`, etablissements: [...sites] };
  return {
    ...{ file: 'corpus', data, kind: 'sites', id: `reseau-${index}`, name: `Réseau ${index}` },
    positionOf: () => undefined,
  };
}

/** mulberry32: small, and the same on every machine. */
function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

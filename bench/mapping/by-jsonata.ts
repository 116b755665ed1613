/** The same resources by an expression of jsonata, a general language to transform JSON (MIT). */
import jsonata from 'jsonata';
import { canonicalBase, managedByTag, publicationSource } from '../../src/fhir/names.ts';
import type { CodeableConcept } from '../../src/fhir/types.ts';
import type { CodeTables } from '../../src/mapping/code-tables.ts';
import type { Written } from './by-hand.ts';
import type { Site } from './corpus.ts';

const expression = `[sites.{
  'type': 'Organization',
  'key': 'https://finess.esante.gouv.fr|' & finess,
  'body': {
    'resourceType': 'Organization',
    'meta': {
      'profile': ['${canonicalBase}/StructureDefinition/pas-establishment'],
      'source': '${publicationSource}',
      'tag': [{ 'system': '${managedByTag.system}', 'code': '${managedByTag.code}' }]
    },
    'identifier': [
      { 'use': 'official', 'type': $concepts.geographic, 'system': 'https://finess.esante.gouv.fr', 'value': finess },
      { 'use': 'official', 'type': $concepts.idNatSt, 'system': 'urn:oid:1.2.250.1.71.4.2.2', 'value': '1' & finess }
    ],
    'active': true,
    'type': [
      $concepts.site,
      $lookup($categories, categorie),
      categorie = 'centre-de-sante' ? $concepts.centre : $lookup($sectors, statut),
      $concepts.facility
    ],
    'name': nom,
    'telecom': [
      { 'system': 'phone', 'value': '+33' & $substring($replace(telephone, ' ', ''), 1), 'use': 'work' },
      { 'system': 'email', 'value': courriel, 'use': 'work' },
      {
        'extension': [{
          'url': 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type',
          'valueCoding': $concepts.secure
        }],
        'system': 'email',
        'value': messagerie,
        'use': 'work'
      }
    ],
    'address': [{
      'use': 'work',
      'type': 'physical',
      'line': [adresse],
      'city': ville,
      'postalCode': code_postal,
      'country': 'FR'
    }]
  }
}]`;

export function mapByJsonata(tables: CodeTables): (sites: readonly Site[]) => Promise<Written[]> {
  const compiled = jsonata(expression);
  const table = (name: string): Record<string, CodeableConcept> =>
    Object.fromEntries(tables.get(name)!.concepts);
  const bindings = {
    categories: table('structure-category'),
    sectors: table('structure-sector'),
    concepts: {
      geographic: table('identifier-type')['finess-geographic'],
      idNatSt: table('identifier-type')['id-nat-st'],
      site: table('structure-type')['site'],
      facility: table('mcsd-type')['facility'],
      centre: table('structure-sector')['centre-de-sante'],
      secure: table('mailbox-type')['mssante']!.coding![0],
    },
  };
  return async (sites) => (await compiled.evaluate({ sites }, bindings)) as Written[];
}

/** What a programmer would write instead of a mapping: the same resources, constants shared, tables looked up. */
import { managedByTag, publicationSource, canonicalBase } from '../../src/fhir/names.ts';
import type { AnyResource, CodeableConcept } from '../../src/fhir/types.ts';
import type { CodeTables } from '../../src/mapping/code-tables.ts';
import type { Site } from './corpus.ts';

export type Written = { type: string; key: string; body: AnyResource };

export function mapByHand(tables: CodeTables): (sites: readonly Site[]) => Written[] {
  const word = (table: string, name: string): CodeableConcept => tables.get(table)!.concepts.get(name)!;
  const categories = tables.get('structure-category')!.concepts;
  const sectors = tables.get('structure-sector')!.concepts;
  const meta = {
    profile: [`${canonicalBase}/StructureDefinition/pas-establishment`],
    source: publicationSource,
    tag: [managedByTag],
  };
  const [geographic, idNatSt] = [
    word('identifier-type', 'finess-geographic'),
    word('identifier-type', 'id-nat-st'),
  ];
  const [site, facility] = [word('structure-type', 'site'), word('mcsd-type', 'facility')];
  const healthCentre = word('structure-sector', 'centre-de-sante');
  const secure = [
    {
      url: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type',
      valueCoding: word('mailbox-type', 'mssante').coding![0],
    },
  ];
  const bodyOf = (one: Site): AnyResource => {
    const isCentre = one.categorie === 'centre-de-sante';
    return {
      resourceType: 'Organization',
      meta,
      identifier: [
        { use: 'official', type: geographic, system: 'https://finess.esante.gouv.fr', value: one.finess },
        { use: 'official', type: idNatSt, system: 'urn:oid:1.2.250.1.71.4.2.2', value: `1${one.finess}` },
      ],
      active: true,
      type: [
        site,
        categories.get(one.categorie),
        isCentre ? healthCentre : sectors.get(one.statut),
        facility,
      ],
      name: one.nom,
      telecom: [
        { system: 'phone', value: phone(one.telephone), use: 'work' },
        { system: 'email', value: one.courriel, use: 'work' },
        { extension: secure, system: 'email', value: one.messagerie, use: 'work' },
      ],
      address: [
        {
          use: 'work',
          type: 'physical',
          line: [one.adresse],
          city: one.ville,
          postalCode: one.code_postal,
          country: 'FR',
        },
      ],
    };
  };
  return (sites) =>
    sites.map((one) => ({
      type: 'Organization',
      key: `https://finess.esante.gouv.fr|${one.finess}`,
      body: bodyOf(one),
    }));
}

/** A French number in international form. */
function phone(text: string): string | undefined {
  const digits = text.replace(/[\s.\-()/]/g, '');
  if (!/^\+?\d{4,15}$/.test(digits)) return undefined;
  return /^0\d{9}$/.test(digits) ? `+33${digits.slice(1)}` : digits;
}

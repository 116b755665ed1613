/** Forms of held content of the flat extracts: cells in this order, separated by `|`. A new order needs a new name. */

export const roleForm = 'extract-role-1';
export const personForm = 'extract-person-1';
export const structureForm = 'extract-structure-1';

export const roleCells = [
  'profession',
  'professionLabel',
  'category',
  'knowHowType',
  'knowHow',
  'knowHowLabel',
  'mode',
  'section',
  'function',
  'functionLabel',
  'genre',
  'phone',
  'phone2',
  'fax',
  'email',
] as const;

/** Then five cells a qualification (`qualificationCells`), in the order of their texts. */
export const personCells = ['idType', 'id', 'titleCode', 'civilityCode', 'family', 'given'] as const;

export const qualificationCells = [
  'profession',
  'professionLabel',
  'knowHowType',
  'knowHow',
  'knowHowLabel',
] as const;

export const structureCells = [
  'siret',
  'siren',
  'finess',
  'legalFiness',
  'technical',
  'name',
  'sign',
  'recipient',
  'geographicPoint',
  'number',
  'repeat',
  'wayCode',
  'wayType',
  'way',
  'mention',
  'cedex',
  'postcode',
  'commune',
  'communeName',
  'countryCode',
  'country',
  'sector',
] as const;

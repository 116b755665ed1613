/** Extracts for tests: the header as it is published, and lines of invented people (identifiers of french-standards §6). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { luhnDigit } from '../../../src/fhir/identifiers.ts';

export const header = [
  "Type d'identifiant PP",
  'Identifiant PP',
  'Identification nationale PP',
  "Code civilité d'exercice",
  "Libellé civilité d'exercice",
  'Code civilité',
  'Libellé civilité',
  "Nom d'exercice",
  "Prénom d'exercice",
  'Code profession',
  'Libellé profession',
  'Code catégorie professionnelle',
  'Libellé catégorie professionnelle',
  'Code type savoir-faire',
  'Libellé type savoir-faire',
  'Code savoir-faire',
  'Libellé savoir-faire',
  'Code mode exercice',
  'Libellé mode exercice',
  'Numéro SIRET site',
  'Numéro SIREN site',
  'Numéro FINESS site',
  'Numéro FINESS établissement juridique',
  'Identifiant technique de la structure',
  'Raison sociale site',
  'Enseigne commerciale site',
  'Complément destinataire (coord. structure)',
  'Complément point géographique (coord. structure)',
  'Numéro Voie (coord. structure)',
  'Indice répétition voie (coord. structure)',
  'Code type de voie (coord. structure)',
  'Libellé type de voie (coord. structure)',
  'Libellé Voie (coord. structure)',
  'Mention distribution (coord. structure)',
  'Bureau cedex (coord. structure)',
  'Code postal (coord. structure)',
  'Code commune (coord. structure)',
  'Libellé commune (coord. structure)',
  'Code pays (coord. structure)',
  'Libellé pays (coord. structure)',
  'Téléphone (coord. structure)',
  'Téléphone 2 (coord. structure)',
  'Télécopie (coord. structure)',
  'Adresse e-mail (coord. structure)',
  'Code Département (structure)',
  'Libellé Département (structure)',
  'Ancien identifiant de la structure',
  "Autorité d'enregistrement",
  "Code secteur d'activité",
  "Libellé secteur d'activité",
  'Code section tableau pharmaciens',
  'Libellé section tableau pharmaciens',
  'Code rôle',
  'Libellé rôle',
  'Code genre activité',
  'Libellé genre activité',
] as const;

export type Header = (typeof header)[number];
export type Cells = Partial<Record<Header, string>>;

/** RPPS of the range for volumes. */
export function rpps(number: number): string {
  const digits = `109${String(number).padStart(7, '0')}`;
  return `${digits}${luhnDigit(digits)}`;
}

/** FINESS of the invented department 99. */
export function finess(number: number): string {
  const digits = `99${String(number).padStart(6, '0')}`;
  return `${digits}${luhnDigit(digits)}`;
}

/** A general practitioner in an establishment; every cell can be another. */
export function lineOf(person: number, place: number, cells: Cells = {}): string {
  const whole: Cells = {
    "Type d'identifiant PP": '8',
    'Identifiant PP': rpps(person),
    'Identification nationale PP': `8${rpps(person)}`,
    "Code civilité d'exercice": 'DR',
    "Libellé civilité d'exercice": 'Docteur',
    'Code civilité': 'MME',
    'Libellé civilité': 'Madame',
    "Nom d'exercice": `ESSAI${person}`,
    "Prénom d'exercice": 'Zoé',
    'Code profession': '10',
    'Libellé profession': 'Médecin',
    'Code catégorie professionnelle': 'C',
    'Libellé catégorie professionnelle': 'Civil',
    'Code type savoir-faire': 'S',
    'Libellé type savoir-faire': 'Spécialité ordinale',
    'Code savoir-faire': 'SM54',
    'Libellé savoir-faire': 'Médecine générale',
    'Code mode exercice': 'S',
    'Libellé mode exercice': 'Salarié',
    'Numéro FINESS site': finess(place),
    'Identifiant technique de la structure': `F${finess(place)}`,
    'Raison sociale site': `CENTRE ESSAI ${place}`,
    'Numéro Voie (coord. structure)': '3',
    'Code type de voie (coord. structure)': 'R',
    'Libellé type de voie (coord. structure)': 'Rue',
    'Libellé Voie (coord. structure)': 'DES TESTS',
    'Bureau cedex (coord. structure)': '99001 ESSAIVILLE',
    'Code postal (coord. structure)': '99001',
    'Code commune (coord. structure)': '99001',
    'Libellé commune (coord. structure)': 'Essaiville',
    'Téléphone (coord. structure)': '0199000000',
    "Code secteur d'activité": 'SA01',
    "Libellé secteur d'activité": 'Établissement public de santé',
    'Code genre activité': 'GENR01',
    ...cells,
  };
  return header.map((name) => `${whole[name] ?? ''}|`).join('');
}

export const headerLine = header.map((name) => `${name}|`).join('');

/** Writes a file of lines; the path. */
export function writeExtract(
  folder: string,
  lines: readonly string[],
  { name = 'PS_LibreAcces_Personne_activite_202611270800.txt', head = headerLine, end = '\n' } = {},
): string {
  const path = join(folder, name);
  writeFileSync(path, [head, ...lines].map((line) => `${line}${end}`).join(''));
  return path;
}

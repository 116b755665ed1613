import type { RuleWords } from '../files/counted-issues.ts';

/** What can be wrong in an extract and be survived. */
export const extractWords: RuleWords = {
  'brake:encoding': {
    severity: 'error',
    code: 'structure',
    message: 'Texte d’un autre encodage que le début du fichier, ou abîmé : des noms seraient faux',
  },
  'line:cells': {
    severity: 'error',
    code: 'structure',
    message: 'Ligne qui n’a pas le nombre de cellules de l’en-tête ; elle n’est pas reprise',
  },
  'line:person': {
    severity: 'error',
    code: 'value',
    message: 'Identification nationale absente ou mal formée ; la ligne n’est pas reprise',
  },
  'line:name': {
    severity: 'error',
    code: 'required',
    message: 'Professionnel sans nom ; la ligne n’est pas reprise',
  },
  'digit:rpps': { severity: 'warning', code: 'value', message: 'Clé de contrôle RPPS fausse' },
  'digit:finess': { severity: 'warning', code: 'value', message: 'Clé de contrôle FINESS fausse' },
  'digit:siret': { severity: 'warning', code: 'value', message: 'Clé de contrôle SIRET fausse' },
  'form:finess': {
    severity: 'warning',
    code: 'value',
    message: 'Numéro FINESS mal formé ; il est laissé de côté',
  },
  'form:siret': {
    severity: 'warning',
    code: 'value',
    message: 'Numéro SIRET mal formé ; il est laissé de côté',
  },
  'form:rpps-there': {
    severity: 'warning',
    code: 'value',
    message: 'Numéro de la longueur d’un RPPS dans une colonne de structure ; il est laissé de côté',
  },
  'person:contradiction': {
    severity: 'warning',
    code: 'conflict',
    message:
      'Un professionnel est décrit de deux façons ; la même est gardée quel que soit l’ordre des lignes',
  },
  'structure:contradiction': {
    severity: 'warning',
    code: 'conflict',
    message: 'Une structure est décrite de deux façons ; la même est gardée quel que soit l’ordre des lignes',
  },
  'role:twice': {
    severity: 'warning',
    code: 'duplicate',
    message: 'Une même activité a plusieurs lignes (coordonnées différentes) ; chacune est gardée à part',
  },
};

import type { RuleWords } from '../files/counted-issues.ts';

/** What can be wrong in a FINESS file and be survived. */
export const finessWords: RuleWords = {
  'brake:encoding': {
    severity: 'error',
    code: 'structure',
    message: 'Texte d’un autre encodage que le début du fichier, ou abîmé : des noms seraient faux',
  },
  'line:cells': {
    severity: 'error',
    code: 'structure',
    message: 'Ligne dont le nombre de cellules n’est pas celui des autres ; elle n’est pas reprise',
  },
  'line:finess': {
    severity: 'error',
    code: 'value',
    message: 'Numéro FINESS absent ou mal formé ; l’établissement n’est pas repris',
  },
  'line:rpps-there': {
    severity: 'error',
    code: 'value',
    message: 'Numéro de la longueur d’un RPPS dans la colonne FINESS ; l’établissement n’est pas repris',
  },
  'line:name': {
    severity: 'error',
    code: 'required',
    message: 'Établissement sans nom ; il n’est pas repris',
  },
  'line:kind': {
    severity: 'warning',
    code: 'structure',
    message: 'Ligne d’un type inconnu ; elle n’est pas reprise',
  },
  'line:twice': {
    severity: 'warning',
    code: 'duplicate',
    message:
      'Établissement décrit deux fois ; la même description est gardée quel que soit l’ordre des lignes',
  },
  'digit:finess': { severity: 'warning', code: 'value', message: 'Clé de contrôle FINESS fausse' },
  'digit:siret': { severity: 'warning', code: 'value', message: 'Clé de contrôle SIRET fausse' },
  'form:siret': {
    severity: 'warning',
    code: 'value',
    message: 'Numéro SIRET mal formé ; il est laissé de côté',
  },
  'form:date': { severity: 'warning', code: 'value', message: 'Date mal formée ; elle est laissée de côté' },
  'date:future': {
    severity: 'warning',
    code: 'business-rule',
    message: 'Établissement qui ouvre après la date du fichier ; la date est gardée telle quelle',
  },
  'position:far': {
    severity: 'warning',
    code: 'value',
    message: 'Coordonnées hors de France ; elles sont laissées de côté',
  },
};

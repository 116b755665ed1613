import type { ErrorCode } from 'yaml';

/** What each syntax fault usually is, in the words of somebody who edits the file by hand (French). */
const messages: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'Décalage incorrect : alignez cette ligne sur les lignes voisines, avec des espaces.',
  TAB_AS_INDENT: 'Tabulation en début de ligne : décalez avec des espaces.',
  BLOCK_AS_IMPLICIT_KEY:
    'Décalage incorrect, ou « : » en trop : mettez le texte entre guillemets s’il contient « : ».',
  BLOCK_IN_FLOW: 'Liste ou champs en lignes à l’intérieur de { } ou de [ ].',
  MISSING_CHAR: 'Il manque un caractère : guillemet, virgule, « : » ou fermeture } ].',
  UNEXPECTED_TOKEN: 'Caractère inattendu ici.',
  MULTILINE_IMPLICIT_KEY: 'Il manque « : » après un nom de champ.',
  KEY_OVER_1024_CHARS: 'Nom de champ trop long.',
  MULTIPLE_DOCS: 'Un fichier ne contient qu’un seul texte YAML : « --- » n’y est pas accepté.',
  BAD_ALIAS: 'Les renvois YAML (& et *) ne sont pas acceptés : répétez la valeur.',
  BAD_DQ_ESCAPE: 'Barre oblique inversée mal employée : mettez le texte entre apostrophes.',
  BAD_SCALAR_START: 'Un texte ne peut pas commencer par ce caractère : mettez-le entre guillemets.',
  BAD_DIRECTIVE: 'Une ligne ne peut pas commencer par « % ».',
};

/** The French message of a YAML syntax fault. */
export function syntaxMessage(code: ErrorCode): string {
  return messages[code] ?? `Syntaxe YAML incorrecte (${code}).`;
}

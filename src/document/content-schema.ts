/** What a content file may say, as JSON Schema (draft 2020-12): for editors, and for `checkContent`. Pure. */
import { outcomes } from './criteria.ts';
import { type DocumentRules, type DocumentTypeRule, sectionFields } from './rules.ts';

export type Schema = { [keyword: string]: unknown };

const text = (description: string): Schema => ({ type: 'string', pattern: '\\S', description });
const matching = (pattern: string, description: string, format?: string): Schema => ({
  ...{ type: 'string', pattern, description },
  ...(format ? { format } : {}),
});

function fields(description: string, properties: Schema, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', description, additionalProperties: false, required, properties };
}

const key = (of: string): Schema =>
  fields(`${of} : system et value`, {
    system: text('l’adresse du système d’identifiants'),
    value: text('l’identifiant'),
  });

const day = (description: string): Schema =>
  matching('^\\d{4}-\\d{2}-\\d{2}(T.+)?$', `${description}, p. ex. 2026-11-20`, 'calendar');
const rpps = matching('^\\d{11}$', 'un numéro RPPS (11 chiffres)');
const person: Schema = { nom: text('un nom'), prenom: text('un prénom'), rpps };

/** Fields of every document; `type` decides which sections there are. */
function commonFields(types: readonly string[]): Schema {
  return {
    type: { enum: types, description: `un type parmi : ${types.join(', ')}` },
    identifiant: key('l’identifiant du document, neuf à chaque version'),
    statut: { enum: ['preliminaire', 'definitif'], description: '« preliminaire » ou « definitif »' },
    titre: text('un titre'),
    date: matching(
      '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
      'une date et heure avec fuseau, p. ex. 2026-11-20T10:00:00+01:00',
      'calendar',
    ),
    demande: key('l’identifiant de la demande à laquelle le document répond ou qu’il accompagne'),
    remplace: key('l’identifiant du document remplacé'),
    complete: key('l’identifiant du document complété'),
    episode: fields(
      'les dates de la prise en charge : debut, et fin si elle est finie',
      { debut: day('le premier jour'), fin: day('le dernier jour') },
      ['fin'],
    ),
    patient: fields('le patient : identifiants, nom, prenom, sexe, naissance', {
      identifiants: {
        ...{ type: 'array', minItems: 1, items: key('un identifiant') },
        description: 'au moins un identifiant',
      },
      nom: text('un nom'),
      prenom: text('un prénom'),
      sexe: {
        enum: ['masculin', 'feminin', 'inconnu'],
        description: '« masculin », « feminin » ou « inconnu »',
      },
      naissance: matching('^\\d{4}(-\\d{2}(-\\d{2})?)?$', 'une date, p. ex. 1974-12-03', 'calendar'),
    }),
    auteur: fields('l’auteur : nom, prenom et rpps', person),
    organisation: {
      ...fields(
        'l’établissement ou le cabinet : nom, et finess ou identifiant',
        {
          nom: text('un nom'),
          finess: matching('^[0-9][0-9AB][0-9]{7}$', 'un numéro FINESS (9 caractères)'),
          identifiant: key('un identifiant, s’il n’y a pas de FINESS'),
        },
        ['finess', 'identifiant'],
      ),
      anyOf: [{ required: ['finess'] }, { required: ['identifiant'] }],
    },
    participants: {
      ...{ type: 'array', minItems: 1, description: 'une liste de personnes : nom, prenom, rpps, qualite' },
      items: fields('une personne : nom, prenom, rpps, qualite', {
        ...person,
        qualite: text('une qualité, p. ex. diététicienne'),
      }),
    },
    conformite: {
      ...{ type: 'array', description: 'une liste de critères examinés : critere, texte, reponse, motif' },
      items: fields(
        'un critère examiné : critere, texte, reponse, et motif si le dossier n’y répond pas',
        {
          critere: matching('^[a-z0-9]+(-[a-z0-9]+)*$', 'l’id d’un critère du fichier du réseau'),
          texte: text('le critère en toutes lettres'),
          reponse: { enum: outcomes, description: `une réponse parmi : ${outcomes.join(', ')}` },
          motif: text('un motif'),
        },
        ['motif'],
      ),
    },
    decision: text('la décision'),
    sections: { type: 'object', description: 'les sections du document' },
  };
}

const optional = ['titre', 'remplace', 'complete', 'participants', 'conformite', 'decision'];

/** The schema of content files, with the sections of each type of document that the rules know. */
export function contentSchema({ types }: DocumentRules): Schema {
  const names = Object.keys(types);
  const { description: _description, ...whole } = fields('', commonFields(names), optional);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Contenu d’un document (passerelle document build)',
    ...whole,
    allOf: names.map((name) => ({
      if: { properties: { type: { const: name } }, required: ['type'] },
      then: ofType(types[name]!),
    })),
  };
}

/** Sections made of another field are not written twice; the field is only there for documents that show it. */
function ofType({ sections, decisions }: DocumentTypeRule): Schema {
  const written = Object.entries(sections).filter(([, { from }]) => from === undefined);
  const shown = Object.values(sections).filter(({ from }) => from !== undefined);
  const optionalSections = written.filter(([, { required }]) => !required).map(([name]) => name);
  const section = ([name, { title, required }]: (typeof written)[number]): [string, Schema] => [
    name,
    {
      title,
      description: `la section « ${title} », une liste de lignes ou un texte${required ? ', vide au besoin ([])' : ''}`,
      anyOf: [
        { type: 'array', items: { type: 'string', pattern: '\\S' } },
        { type: 'string', pattern: '\\S' },
      ],
    },
  ];
  return {
    properties: {
      sections: fields(
        'les sections du document',
        Object.fromEntries(written.map(section)),
        optionalSections,
      ),
      ...Object.fromEntries(
        sectionFields.filter((name) => !shown.some(({ from }) => from === name)).map((name) => [name, false]),
      ),
      decision: decisions ? oneOf(Object.keys(decisions)) : false,
    },
    required: [
      ...shown.flatMap(({ from, required }) => (required ? [from!] : [])),
      ...(decisions ? ['decision'] : []),
    ],
  };
}

function oneOf(words: readonly string[]): Schema {
  return { enum: words, description: `la décision : ${words.join(', ')}` };
}

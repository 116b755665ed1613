/** The stories that are played under faults: a line each, their texts in `examples/`. */
import { systems } from '../../../../src/fhir/identifiers.ts';
import { networkSystem } from '../../../../src/fhir/names.ts';

/** Who was there, by RPPS number, and the concept each sat for. */
export type Seat = { rpps: string; type?: object[] };

/** A step at which somebody is seen or met; without seats, those of the example consultation. */
export type Sitting = { step: string; seats?: Seat[] };

/** A sitting that the gateway must refuse, in words that say why. */
export type Refusal = Sitting & { because: string };

export type StoryLine = {
  name: string;
  /** Network files that must be published for it. */
  networks: string[];
  /** Keys that are at home at each hospital. */
  homes: { psychiatrie: string[]; ville: string[] };
  /** Below `examples/`. */
  referral: string;
  document: string;
  /** `Task.input` that the placer adds once it is accepted, where the pathway asks for it, and what is refused without it. */
  adds?: { input: object; without: Refusal };
  /** Refused although the file is complete. */
  refused?: Refusal[];
  /** Before the document, in their order. */
  consultations: Sitting[];
  /** Steps for which a professional is named before the document, and who. */
  named: Record<string, { rpps: string; display: string }>;
  /** After the document, which opens them. */
  afterwards?: Sitting[];
  /** In the end, status of the orders of steps that nobody was seen at. */
  left: Record<string, 'active' | 'draft' | 'revoked'>;
  /** Hospitals that the document must reach. */
  documentAt: ('psychiatrie' | 'ville')[];
};

const speciality = (code: string): object => ({
  coding: [
    {
      system: 'https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale',
      code,
    },
  ],
});
const psychologist = {
  coding: [
    { system: 'https://mos.esante.gouv.fr/NOS/TRE_R95-UsagerTitre/FHIR/TRE-R95-UsagerTitre', code: '93' },
  ],
};
/** Nutrition, bariatric surgery, psychology: the quorum of the RCP. */
const board: Seat[] = [
  { rpps: '10999900052', type: [speciality('SM62')] },
  { rpps: '10999900060', type: [speciality('SM14')] },
  { rpps: '10999900078', type: [psychologist] },
];
const withoutSurgeon = board.filter((_seat, index) => index !== 1);

const lines: readonly StoryLine[] = [
  {
    ...{ name: 'coreso', networks: ['pathway-coreso-le-vinatier.yaml'] },
    homes: {
      psychiatrie: [`${systems.finess}|990780033`],
      ville: [`${networkSystem}|coreso-le-vinatier`, `${systems.rpps}|10999900037`],
    },
    ...{ referral: 'referrals/coreso.json', document: 'documents/coreso-synthesis.yaml' },
    consultations: ['consultation-1', 'consultation-2', 'consultation-3'].map((step) => ({ step })),
    named: { reorientation: { rpps: '10999900037', display: 'Dr Luc ESSAI-VILLE' } },
    left: { reorientation: 'active' },
    documentAt: ['psychiatrie', 'ville'],
  },
  {
    ...{ name: 'tele-expertise', networks: ['ess-equipe-inventee.yaml'] },
    homes: {
      psychiatrie: ['https://cabinet-ilot.example/cabinets|ILOT'],
      ville: [`${networkSystem}|ess-equipe-inventee`],
    },
    referral: 'referrals/tele-expertise.json',
    document: 'documents/compte-rendu-tele-expertise.yaml',
    ...{ consultations: [], named: {}, left: {}, documentAt: ['psychiatrie'] },
  },
  {
    ...{ name: 'discharge', networks: ['cpts-communaute-inventee.yaml'] },
    homes: {
      psychiatrie: [`${systems.finess}|991680828`],
      ville: [`${networkSystem}|cpts-communaute-inventee`],
    },
    ...{ referral: 'referrals/sortie-hopital.json', document: 'documents/compte-rendu-consultation.yaml' },
    consultations: [{ step: 'visite-sortie', seats: [{ rpps: '10999901696' }] }],
    ...{ named: {}, left: {}, documentAt: ['psychiatrie'] },
  },
  {
    ...{ name: 'rcp', networks: ['cso-filiere-inventee.yaml'] },
    homes: {
      psychiatrie: [`${systems.finess}|999602485`],
      ville: [`${networkSystem}|cso-filiere-inventee`],
    },
    ...{ referral: 'referrals/rcp.json', document: 'documents/avis-rcp.yaml' },
    adds: {
      input: {
        type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }], text: 'Synthèse médicale' },
        valueAttachment: { contentType: 'text/plain', data: Buffer.from('Synthèse').toString('base64') },
      },
      without: { step: 'reunion', seats: board, because: 'il manque au dossier : Synthèse médicale' },
    },
    refused: [{ step: 'reunion', seats: withoutSurgeon, because: 'n’a pas son quorum' }],
    consultations: [{ step: 'reunion', seats: board }],
    afterwards: [{ step: 'preparation.1', seats: board.slice(0, 1) }],
    named: {},
    left: {
      ...{ 'preparation.2': 'active', 'preparation.3': 'draft', anesthesie: 'draft' },
      ...{ intervention: 'draft', suivi: 'draft' },
    },
    documentAt: ['psychiatrie'],
  },
];

/** By name. */
export const storyTable: Readonly<Record<string, StoryLine>> = Object.fromEntries(
  lines.map((line) => [line.name, line]),
);

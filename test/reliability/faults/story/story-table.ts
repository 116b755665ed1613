/** The stories that are played under faults: a line each, their texts in `examples/`. */
import { systems } from '../../../../src/fhir/identifiers.ts';
import { networkSystem } from '../../../../src/fhir/names.ts';

/** Who was there, by RPPS number, and the concept each sat for. */
export type Seat = { rpps: string; type?: object[] };

/** A step at which somebody is seen or met; without seats, those of the example consultation. */
export type Sitting = { step: string; seats?: Seat[] };

/** A sitting that the gateway must refuse, in words that say why. */
export type Refusal = Sitting & { because: string };

export type Place = 'psychiatrie' | 'ville';

/** Somebody who is asked to take the referral on. */
export type Asked = {
  /** The order names them, a coordinator chooses them, or turns to them from whoever had it. */
  by: 'order' | 'assign' | 'transfer';
  /** Below the networks' system. */
  offer: string;
  at: Place;
  /** Absent: they do not. */
  answers?: 'accepted' | 'rejected';
  /** Status in which their Task ends. */
  ends: 'completed' | 'rejected' | 'cancelled';
};

export type StoryLine = {
  name: string;
  /** Network files that must be published for it. */
  networks: string[];
  /** More of them: the same as one of those, under another id. */
  copies?: { of: string; id: string }[];
  /** Who is asked, the last of them in town, who goes on with it; absent: whoever the order of the example names. */
  asked?: readonly Asked[];
  /** Keys that are at home at each hospital. */
  homes: Record<Place, string[]>;
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
  documentAt: Place[];
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

const coreso: StoryLine = {
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
};
const offerOf = (network: string): string => `${network}/offer/consultation-somatique`;
/** Coreso beside two like it, of which one is at home at the psychiatric hospital. */
const amongThree = {
  copies: ['somatique-nord', 'somatique-sud'].map((id) => ({ of: coreso.networks[0]!, id })),
  homes: {
    psychiatrie: [...coreso.homes.psychiatrie, `${networkSystem}|somatique-sud`],
    ville: [...coreso.homes.ville, `${networkSystem}|somatique-nord`],
  },
};

const lines: readonly StoryLine[] = [
  coreso,
  {
    ...{ ...coreso, ...amongThree, name: 'handed-over' },
    // Three offers fit a patient whom the order sends to nobody: a coordinator chooses, is refused, chooses again, and hands over.
    asked: [
      { by: 'assign', offer: offerOf('somatique-nord'), at: 'ville', answers: 'rejected', ends: 'rejected' },
      {
        ...{ by: 'assign', offer: offerOf('somatique-sud'), at: 'psychiatrie' },
        ...{ answers: 'accepted', ends: 'cancelled' },
      },
      {
        ...{ by: 'transfer', offer: offerOf('coreso-le-vinatier'), at: 'ville' },
        ...{ answers: 'accepted', ends: 'completed' },
      },
    ],
  },
  {
    ...{ ...coreso, ...amongThree, name: 'several' },
    asked: [
      { by: 'order', offer: offerOf('somatique-sud'), at: 'psychiatrie', ends: 'cancelled' },
      {
        ...{ by: 'order', offer: offerOf('coreso-le-vinatier'), at: 'ville' },
        ...{ answers: 'accepted', ends: 'completed' },
      },
    ],
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

/** The stories that are played under faults: a line each, their texts in `examples/`. */
import { systems } from '../../../../src/fhir/identifiers.ts';
import { networkSystem } from '../../../../src/fhir/names.ts';
import type { Seat, StoryLine } from './story-line.ts';

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
/** What a favourable opinion opens, step by step. */
const surgery = [
  ...['preparation.1', 'preparation.2', 'preparation.3', 'anesthesie', 'intervention', 'suivi'],
];
const rcp: StoryLine = {
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
    ...Object.fromEntries(surgery.map((step) => [step, 'draft' as const])),
    'preparation.2': 'active',
  },
  documentAt: ['psychiatrie'],
};

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
  circle: 2,
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

const community = 'cpts-communaute-inventee.yaml';
const generalist: Seat = { rpps: '10999901696' };
const communityHomes = (...psychiatrie: string[]): StoryLine['homes'] => ({
  psychiatrie,
  ville: [`${networkSystem}|cpts-communaute-inventee`],
});

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
    ...{ name: 'discharge', networks: [community], homes: communityHomes(`${systems.finess}|991680828`) },
    ...{ referral: 'referrals/sortie-hopital.json', document: 'documents/compte-rendu-consultation.yaml' },
    consultations: [{ step: 'visite-sortie', seats: [generalist] }],
    ...{ circle: 1, named: {}, left: {}, documentAt: ['psychiatrie'] },
  },
  {
    ...{ name: 'unscheduled', networks: [community], homes: communityHomes(`${systems.finess}|991680828`) },
    ...{
      referral: 'referrals/soin-non-programme.json',
      document: 'documents/compte-rendu-consultation.yaml',
    },
    change: { demande: { system: 'https://ch-trois-anses.example/demandes', value: 'SNP-2026-0001' } },
    consultations: [{ step: 'consultation-rapide', seats: [generalist] }],
    ...{ circle: 1, named: {}, left: {}, documentAt: ['psychiatrie'] },
  },
  {
    ...{ name: 'entry', networks: [community] },
    homes: communityHomes(`${systems.finess}|992873695`, `${systems.rpps}|${generalist.rpps}`),
    ...{ referral: 'referrals/entree-hopital.json', document: 'documents/lettre-liaison-sortie.yaml' },
    change: {
      demande: { system: 'https://msp-ville-close.example/demandes', value: 'ENTREE-2026-0001' },
      patient: {
        identifiants: [{ system: 'https://msp-ville-close.example/patients', value: 'P-0077' }],
        ...{ nom: 'ESSAI-SORTIE', prenom: 'Marcel', sexe: 'masculin', naissance: '1942-08-30' },
      },
    },
    consultations: [{ step: 'sejour', seats: [{ rpps: '10999900094' }] }],
    named: { relais: { rpps: generalist.rpps, display: 'Dr Annick FICTIVE-ANSE' } },
    ...{ left: { relais: 'active' }, documentAt: ['psychiatrie'] },
  },
  rcp,
  {
    ...{ ...rcp, name: 'rcp-against', change: { decision: 'defavorable' }, afterwards: [] },
    left: Object.fromEntries(surgery.map((step) => [step, 'revoked'])),
  },
];

/** By name. */
export const storyTable: Readonly<Record<string, StoryLine>> = Object.fromEntries(
  lines.map((line) => [line.name, line]),
);

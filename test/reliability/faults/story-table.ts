/** The stories that are played under faults: a line each, their texts in `examples/`. */
import { systems } from '../../../src/fhir/identifiers.ts';
import { networkSystem } from '../../../src/fhir/names.ts';

/** Who was there, by RPPS number, and the concept each sat for. */
export type Seat = { rpps: string; type?: object[] };

export type StoryLine = {
  name: string;
  /** Network files that must be published for it. */
  networks: string[];
  /** Keys that are at home at each hospital. */
  homes: { psychiatrie: string[]; ville: string[] };
  /** Below `examples/`. */
  referral: string;
  document: string;
  /** `Task.input` that the placer adds once it is accepted, where the pathway asks for it. */
  adds?: object;
  /** Steps at which somebody is seen, in their order; without seats, those of the example consultation. */
  consultations: { step: string; seats?: Seat[] }[];
  /** Steps for which a professional is named before the document, and who. */
  named: Record<string, { rpps: string; display: string }>;
  /** Hospitals that the document must reach. */
  documentAt: ('psychiatrie' | 'ville')[];
};

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
    ...{ consultations: [], named: {}, documentAt: ['psychiatrie'] },
  },
  {
    ...{ name: 'discharge', networks: ['cpts-communaute-inventee.yaml'] },
    homes: {
      psychiatrie: [`${systems.finess}|991680828`],
      ville: [`${networkSystem}|cpts-communaute-inventee`],
    },
    ...{ referral: 'referrals/sortie-hopital.json', document: 'documents/compte-rendu-consultation.yaml' },
    consultations: [{ step: 'visite-sortie', seats: [{ rpps: '10999901696' }] }],
    ...{ named: {}, documentAt: ['psychiatrie'] },
  },
];

/** By name. */
export const storyTable: Readonly<Record<string, StoryLine>> = Object.fromEntries(
  lines.map((line) => [line.name, line]),
);

/** The stories that are played under faults: a line each, their texts in `examples/`. */

export type StoryLine = {
  name: string;
  /** Network files that must be published for it. */
  networks: string[];
  /** Below `examples/`. */
  referral: string;
  consultation?: string;
  document: string;
  /** Steps of the protocol at which somebody is seen, in their order. */
  consultations: string[];
  /** Steps for which a professional is named before the document, and who. */
  named: Record<string, { rpps: string; display: string }>;
  /** Hospitals that the document must reach. */
  documentAt: ('psychiatrie' | 'ville')[];
};

const townGp = { rpps: '10999900037', display: 'Dr Luc ESSAI-VILLE' };

const lines: readonly StoryLine[] = [
  {
    ...{ name: 'coreso', networks: ['pathway-coreso-le-vinatier.yaml'], referral: 'referrals/coreso.json' },
    ...{ consultation: 'consultations/coreso.json', document: 'documents/coreso-synthesis.yaml' },
    consultations: ['consultation-1', 'consultation-2', 'consultation-3'],
    named: { reorientation: townGp },
    documentAt: ['psychiatrie', 'ville'],
  },
];

/** By name. */
export const storyTable: Readonly<Record<string, StoryLine>> = Object.fromEntries(
  lines.map((line) => [line.name, line]),
);

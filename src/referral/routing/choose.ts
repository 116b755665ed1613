/** Which of the judged offers a referral goes to; nothing is guessed: a person decides where the networks do not. Pure. */
import type { Judged, Verdict } from './offer.ts';

export type Choice = {
  /** Absent: nobody, or not clear who. */
  chosen?: Judged;
  why: 'only' | 'nearest' | 'none' | 'several' | 'unsure';
  /** The others, those that may fit first. */
  others: Judged[];
};

/** The only offer that certainly fits, or the one among them that names the place most precisely. */
export function choose(judged: readonly Judged[]): Choice {
  const fitting = judged.filter((one) => !has(one, 'no'));
  const certain = fitting.filter((one) => !has(one, 'perhaps'));
  const rest = (chosen?: Judged): Judged[] => [
    ...fitting.filter((one) => one !== chosen),
    ...judged.filter((one) => !fitting.includes(one)),
  ];
  if (fitting.length === 0) return { why: 'none', others: rest() };
  if (certain.length === 0) return { why: 'unsure', others: rest() };
  const [only] = certain;
  if (certain.length === 1) return { chosen: only!, why: 'only', others: rest(only) };
  const most = Math.max(...certain.map(weight));
  const nearest = certain.filter((one) => weight(one) === most);
  if (nearest.length > 1) return { why: 'several', others: rest() };
  return { chosen: nearest[0]!, why: 'nearest', others: rest(nearest[0]) };
}

/** What speaks for it, or against it: its decisive verdicts in French. */
export function reasonsOf({ verdicts }: Judged): string[] {
  const against = verdicts.filter(({ fits }) => fits === 'no');
  const unclear = verdicts.filter(({ fits }) => fits === 'perhaps');
  const decisive = against.length
    ? against
    : unclear.length
      ? unclear
      : verdicts.filter(({ fits }) => fits === 'yes');
  return decisive.map(({ said }) => said);
}

function has({ verdicts }: Judged, fits: Verdict['fits']): boolean {
  return verdicts.some((one) => one.fits === fits);
}

function weight({ verdicts }: Judged): number {
  return verdicts.reduce((sum, one) => sum + (one.weight ?? 0), 0);
}

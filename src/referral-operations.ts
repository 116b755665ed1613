/** The part of the operations that is about referrals, as plain JSON. */
import type { NearestResult } from './directory/told.ts';

/** One stretch of a referral with its due time; `title` is French. */
export type ReferralClock = {
  id: string;
  title: string;
  /** Whose it is to act. */
  owner: 'placer' | 'fulfiller' | 'gateway';
  startedAt: string;
  dueAt: string;
  stoppedAt?: string;
  late: boolean;
};

export type ReferralSummary = {
  id: string;
  network: string;
  state: string;
  order: string;
  /** Nobody has it: a person is to choose who (`referralAssign`). */
  unrouted?: true;
  acceptedAt: string;
  closedAt?: string;
  /** What is late now, the longest first. */
  overdue: ReferralClock[];
};

export type ReferralDetail = ReferralSummary & {
  clocks: ReferralClock[];
  timeline: TimelineEntry[];
  /** Professionals and organisations that acted, never the patient; `identifiers` are `system|value`. */
  people: ReferralPerson[];
  deliveries: unknown[];
};

/** `role` is French; `state`: how far a performer came who was asked. */
export type ReferralPerson = {
  role: string;
  name: string;
  identifiers: string[];
  at: string;
  state?: string;
};

/** `order`: the step's ServiceRequest at `/fhir`, whose performer the fulfiller names. */
export type ReferralProposal = {
  steps: { id: string; title: string; order: string }[];
  offers: NearestResult['offers'];
};

export type NetworkStatistics = {
  network: string;
  from: string;
  to: string;
  counts: Record<string, number>;
  /** `title` is French; of `among` so many are `n`. */
  shares: { id: string; title: string; n: number; among: number; share?: number }[];
  /** `title` is French. */
  delays: { id: string; title: string; n: number; medianDays?: number }[];
  reports: unknown[];
};

export type TimelineEntry = { at: string; kind: string; actor: string; detail: unknown };

export type ReferralOperations = {
  /** Newest first, at most 1,000; `overdue`: only those of which something is late; `unrouted`: those that nobody has. */
  referralList(args: { state?: string; overdue?: boolean; unrouted?: boolean }): Promise<ReferralSummary[]>;
  referralShow(args: { id: string }): Promise<ReferralDetail>;
  referralSend(args: { bundle: unknown; client: string }): Promise<unknown>;
  referralRetry(args: { id: string }): Promise<{ requeued: number }>;
  /**
   * Steps of the pathway that nobody is named for yet, and the nearest professionals who take new patients, for a person to
   * choose from: nothing is written, and the médecin traitant stays the patient's declaration.
   */
  referralPropose(args: { id: string; limit?: number; within?: number }): Promise<ReferralProposal>;
  /** Counts, shares and delays by network of what was accepted between two days, both included; `reports`: a MeasureReport an indicator. */
  referralStats(args: { network?: string; from?: string; to?: string }): Promise<NetworkStatistics[]>;
  /** Takes it back in the placer's name: cancelled before the start, asked to stop afterwards. */
  referralAbort(args: { id: string; reason?: string }): Promise<ReferralSummary>;
  /** Gives a referral that nobody has to an offer (`reseau/offer/offre`); `by` chose it. */
  referralAssign(args: { id: string; to: string; by: string }): Promise<ReferralSummary>;
  /** Turns to another performer; once it has started whoever has it is asked first. */
  referralTransfer(args: { id: string; to: string; by: string; reason?: string }): Promise<ReferralSummary>;
  /** Answers, in the placer's name, what the fulfiller proposed instead: accepted is a new order that replaces the refused one. */
  referralProposal(args: { id: string; accept: boolean; by: string }): Promise<ReferralSummary>;
  /** Notes that somebody (`by`, a name people know) has seen how it ended; refused while it has not. */
  referralClose(args: { id: string; by: string }): Promise<ReferralSummary>;
};

/** Rules of the exchange that are data: `mappings/exchange/{referral,identity,consent,clocks,disciplines,routing,statistics}.yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ConsentRules } from '../consent/types.ts';
import type { CodeableConcept, Coding } from '../fhir/types.ts';
import { versionOf } from '../fhir/version-of.ts';
import type { ClockRules } from './clocks.ts';
import type { DisciplineRules } from './discipline.ts';
import type { RoutingRules } from './routing/offer.ts';
import type { StatisticsRules } from './statistics.ts';

export type EntryRule = { min: number; max: number; profile?: string };
export type CodeRule = { type: string; element: string; name: string; anyOf: Coding[] };
export type ValueRule = { type: string; element: string; value: string };
export type LinkRule = { type: string; element: string; to: string };

export type ReferralRules = {
  entries: Record<string, EntryRule>;
  codes: CodeRule[];
  values: ValueRule[];
  links: LinkRule[];
  profiles: Record<
    | 'fillerOrder'
    | 'task'
    | 'letter'
    | 'consent'
    | 'patient'
    | 'identityTask'
    | 'carePlan'
    | 'activityOrder'
    | 'consultation'
    | 'overdueTask'
    | 'routingTask'
    | 'consentTask'
    | 'acknowledgeTask'
    | 'closedTask'
    | 'careCircle'
    | 'circleTask',
    string
  >;
  /** Types of order identifiers: the placer's and the filler's (REF-09). */
  identifierTypes: { placer: Coding; filler: Coding };
  identityTask: { code: Coding; text: string };
  overdueTask: { code: Coding; text: string };
  routingTask: { code: Coding; text: string };
  consentTask: { code: Coding; text: string };
  /** `clock`: the rule that says until when. */
  acknowledgeTask: { code: Coding; text: string; clock: string };
  closedTask: { code: Coding; text: string };
  abortTask: { code: Coding; text: string };
  reorientation: { profession: string; speciality: string; activity: Coding };
  carePlan: { category: Coding };
  activityOrder: { category: Coding };
  careCircle: CircleRules;
};

/** What the patient's care circle is known by, who belongs to it, and how the Task that asks for it is worded. */
export type CircleRules = {
  activities: Coding[];
  profiles: string[];
  name: string;
  code: Coding;
  text: string;
  member: CodeableConcept;
};

export type IdentityRules = {
  reliability: { extension: string; status: string; qualified: Coding[] };
  traits: { birthName: string; givenNames: string; birthPlace: string; insee: string };
  travelling: string[];
};

export type ExchangeRules = {
  referral: ReferralRules;
  identity: IdentityRules;
  consent: ConsentRules;
  clocks: ClockRules;
  disciplines: DisciplineRules;
  routing: RoutingRules;
  statistics: StatisticsRules;
  /** Names what all of them say: the same name, the same rules. */
  version: string;
};

/** Reads the rules from a `mappings` folder; they ship with the program, so a fault in them throws. */
export function readExchangeRules(mappings: string): ExchangeRules {
  const read = (name: string): unknown =>
    parse(readFileSync(join(mappings, 'exchange', `${name}.yaml`), 'utf8'));
  const rules = {
    referral: read('referral') as ReferralRules,
    identity: read('identity') as IdentityRules,
    consent: read('consent') as ConsentRules,
    clocks: read('clocks') as ClockRules,
    disciplines: read('disciplines') as DisciplineRules,
    routing: read('routing') as RoutingRules,
    statistics: read('statistics') as StatisticsRules,
  };
  return { ...rules, version: versionOf(rules) };
}

/** Share of the self-employed specialists of a territory who are members of a network. */
import type { BusinessKey } from '../../fhir/key.ts';

type Codes = { system: string; codes: readonly string[] };

/** `mappings/exchange/specialists.yaml`. */
export type ShareRules = { networks: Codes; specialities: string; exercise: Codes; apart: Codes };

/** Members of a speciality, and how many of it there are; as the network's file says, or as the directory counts. */
export type Count = { members: number; territory: number; source: string; date?: string };

/** What is asked of the directory about one speciality of a network. */
export type ShareQuestion = {
  network: string;
  /** Business key of the network's Organization. */
  key: BusinessKey;
  name: string;
  speciality: { system: string; code: string; text: string };
  members: number;
  /** Where its territory is; undefined when it covers départements in part, or says nothing. */
  area?: { communes: string[]; departments: string[] };
  declared?: Count;
};

/** A question answered; `counted` is missing where the directory cannot know. */
export type Share = Omit<ShareQuestion, 'area'> & { counted?: Count };

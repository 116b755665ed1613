/** What may be subscribed to: our topics, each with the type it is about and what it may be narrowed by. Pure. */
import { canonicalBase } from '../fhir/names.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

/** Extensions of Subscriptions R5 Backport 1.1.0 that are read and written here. */
export const extensionUrls = {
  topic: `${backport}/capabilitystatement-subscriptiontopic-canonical`,
  filter: `${backport}/backport-filter-criteria`,
  content: `${backport}/backport-payload-content`,
  heartbeat: `${backport}/backport-heartbeat-period`,
  timeout: `${backport}/backport-timeout`,
  maxCount: `${backport}/backport-max-count`,
} as const;

/** Profiles of what is sent. */
export const profileUrls = {
  notification: `${backport}/backport-subscription-notification-r4`,
  status: `${backport}/backport-subscription-status-r4`,
} as const;

/** How a filter's value is compared: with a code, with a CodeableConcept, or with a Reference to a Patient of this endpoint. */
export type FilterForm = 'code' | 'concept' | 'patient';

export type Topic = {
  canonical: string;
  /** Type of the focus. */
  type: string;
  /** What happened, in words for people. */
  description: string;
  /** Search parameters of the type, by name, with the element they look at. */
  filters: Readonly<Record<string, { form: FilterForm; element: string }>>;
};

export const topics: readonly Topic[] = [
  {
    canonical: `${canonicalBase}/SubscriptionTopic/referral-changed`,
    type: 'Task',
    description: 'La tâche de coordination d’un adressage du client est créée ou change.',
    filters: {
      status: { form: 'code', element: 'status' },
      patient: { form: 'patient', element: 'for' },
    },
  },
  {
    canonical: `${canonicalBase}/SubscriptionTopic/document-changed`,
    type: 'DocumentReference',
    description: 'Un document d’un adressage du client arrive, ou est remplacé.',
    filters: {
      status: { form: 'code', element: 'status' },
      type: { form: 'concept', element: 'type' },
      patient: { form: 'patient', element: 'subject' },
    },
  },
];

/** The topic of this name; undefined for what nobody can be told of here. */
export function topicOf(canonical: string): Topic | undefined {
  return topics.find((topic) => topic.canonical === canonical);
}

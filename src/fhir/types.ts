/** FHIR R4 (4.0.1) resource types, from `@types/fhir`, under one name for the whole project. */
import type { FhirResource } from 'fhir/r4.js';

export type {
  ActivityDefinition,
  Attachment,
  Bundle,
  BundleEntry,
  CapabilityStatement,
  CarePlan,
  CareTeam,
  CodeableConcept,
  Coding,
  Composition,
  Consent,
  DocumentReference,
  Encounter,
  Extension,
  FhirResource,
  HealthcareService,
  HumanName,
  Identifier,
  Location,
  Meta,
  OperationOutcome,
  OperationOutcomeIssue,
  Organization,
  OrganizationAffiliation,
  Parameters,
  Patient,
  Period,
  PlanDefinition,
  Practitioner,
  PractitionerRole,
  Reference,
  ServiceRequest,
  Task,
  Timing,
} from 'fhir/r4.js';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A JSON object, as read from a file or a request body before anything is known of it. */
export type JsonObject = { [name: string]: Json };

/** A resource of any type seen only by what all types share: enough for storing, sending and comparing. */
export type AnyResource = { resourceType: string; id?: string; meta?: FhirResource['meta'] } & {
  [element: string]: unknown;
};

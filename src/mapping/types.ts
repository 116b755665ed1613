/** What goes into the mapping engine and what comes out of it. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Position } from '../fhir/issue.ts';
import type { AnyResource, JsonObject } from '../fhir/types.ts';

/** A JSON or YAML file already read: its content, and where each part of it stood (by JSON pointer, RFC 6901). */
export type SourceDocument = {
  /** Path as people know it; it stands in every message. */
  file: string;
  data: JsonObject;
  positionOf(pointer: string): Position | undefined;
};

/** One thing to be mapped: a network as its file describes it, already checked against the schema of its kind. */
export type SourceRecord = SourceDocument & { kind: string; id: string; name: string };

/** `owned` is ours; `directory-copy` stands in for what a server lacked under its national identifier (identity.md). */
export type ResourceClass = 'owned' | 'directory-copy';

/** Where one element of a resource came from. */
export type Origin = {
  /** Path of the element inside the resource, e.g. `telecom[0].value`. */
  element: string;
  /** The rule that wrote it: `file:line` of the mapping. */
  rule: string;
  /** JSON pointer of the value in the source record; empty for what the rule states by itself. */
  path: string;
};

/** A resource in reference-normal form: references are conditional (`Type?identifier=…`), no logical id. */
export type MappedResource = {
  type: string;
  key: BusinessKey;
  class: ResourceClass;
  /** Parts that are the same in every resource of a rule are shared and frozen: copy before you change. */
  body: AnyResource;
  /** Filled only when the mapping was asked to explain itself. */
  origin: Origin[];
};

export type MapOptions = {
  /** The day the network is looked at (`YYYY-MM-DD`); periods are in force or not on this day. */
  at: string;
  /** Record the origin of each element (slower; for `map --explain` and for plans). */
  explain?: boolean;
};

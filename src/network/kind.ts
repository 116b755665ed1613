import type { ErrorObject } from 'ajv';
import type { Mapping } from '../mapping/compile.ts';
import type { Places } from './places.ts';
import type { Rule } from './rule.ts';
import type { Shape } from './shape.ts';

/** A place where a network names one of its own parts: the id written there, and the list it must be in. */
export type Mention = {
  pointer: string;
  list: string;
  id: string;
  /** Cited whether or not it is in force (schema keyword `x-any-day`): what proves a stage, what was replaced. */
  anyDay?: true;
};

/** Checks data against the schema of a kind. Mentions are collected by the schema's `x-reference` keyword. */
export type SchemaCheck = (data: unknown) => { errors: readonly ErrorObject[]; mentions: readonly Mention[] };

/** A kind of network: all data, loaded from its folder in `mappings/`. */
export type Kind = {
  /** Name of the folder, and the value of `kind` in network files. */
  name: string;
  /** French title, from the schema. */
  title: string;
  schema: SchemaCheck;
  /** Its fields, as the schema states them. */
  shape: Shape;
  rules: readonly Rule[];
  /** Regions and départements, the same for every kind; absent where no list of them is installed. */
  places?: Places;
  mapping: Mapping;
};

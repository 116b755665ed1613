/** Closures answer what fhirpath.js answers, or leave the question to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import { compileExpression } from '../../src/validation/fhirpath/compile.ts';
import type { Expression } from '../../src/validation/fhirpath/expression.ts';
import { createEvaluator } from '../../src/validation/fhirpath/library.ts';
import { type Environment, outside } from '../../src/validation/fhirpath/values.ts';
import { partsWithin } from '../../src/validation/parts.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { draws, type Draw, expressionOn } from './expressions.ts';
import { mutantsOf } from './mutants.ts';

const definitions = JSON.parse(readFileSync('profiles/schemas.json', 'utf8')) as CompiledDefinitions;
const { shapes, invariants, profiles } = definitions;
const evaluate = createEvaluator();

const folder = resolve(import.meta.dirname, '../fixtures/profiles/valid');
const valid = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as AnyResource,
);
const validator = createValidator(definitions, () => true);
/** Copies with a fault that is none of structure: invariants are not asked of what has another form than its type. */
const faulty = valid
  .flatMap((one) => mutantsOf(one).filter((_mutant, index) => index % 20 === 0))
  .map(({ resource }) => resource as AnyResource)
  .filter((resource) => validator.validate(resource).every(({ code }) => code !== 'structure'));

type Node = { value: unknown; type: string; environment: Environment };

/** The resource and every object in it, with their types. */
function nodesOf(resource: AnyResource): Node[] {
  const environment = { resource, root: resource };
  const parts = partsWithin(resource, shapes).filter(({ value }) => typeof value === 'object' && value);
  const all = [{ value: resource as unknown, type: resource.resourceType }, ...parts];
  return all.map(({ value, type }) => ({ value, type, environment }));
}

/** A copy in which some primitives have an id and an extension, or only these. */
function withTwins(resource: AnyResource, draw: Draw): AnyResource {
  const copy = structuredClone(resource);
  for (const { value } of nodesOf(copy)) {
    const holder = value as Record<string, unknown>;
    for (const [name, child] of Object.entries(holder)) {
      const choice = draw(12);
      if (typeof child === 'object' || name === 'resourceType' || choice > 2) continue;
      holder[`_${name}`] = { id: `e${choice}`, extension: [{ url: 'https://a.example', valueString: 'x' }] };
      if (choice === 2) delete holder[name];
    }
  }
  return copy;
}

const left = 'left to fhirpath.js';

/** true, false or undefined. */
function byClosure({ truth }: Expression, { value, environment }: Node): unknown {
  try {
    return truth(value, environment);
  } catch (error) {
    if (error === outside) return left;
    throw error;
  }
}

function byLibrary(text: string, { value, type, environment }: Node): unknown {
  try {
    return evaluate(value, type, text, environment)[0];
  } catch (error) {
    return `error: ${String(error)}`;
  }
}

const usual = ['x', '', 'active', 'official', 'http', 'Patient/1', 'urn:uuid:', 'e0', '1'];

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < 60 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('an expression of the subset', () => {
  it('answers as by fhirpath.js, whatever the expression and the resource', () => {
    const answered = { closures: 0, all: 0 };
    const resources = fc.constantFrom(...valid, ...valid, ...faulty);
    fc.assert(
      fc.property(resources, draws, (plain, draw) => {
        const resource = draw(3) ? plain : withTwins(plain, draw);
        const nodes = nodesOf(resource);
        const node = nodes[draw(nodes.length)]!;
        const text = expressionOn(draw, node.type, definitions, [...usual, ...textsIn(resource)]);
        const expression = compileExpression(text, node.type, definitions);
        if (!expression) return;
        const answer = byClosure(expression, node);
        answered.all += 1;
        if (answer === left) return;
        answered.closures += 1;
        expect({ text, answer }).toEqual({ text, answer: byLibrary(text, node) });
      }),
      { numRuns: 3000 },
    );
    expect(answered.all).toBeGreaterThan(1500);
    expect(answered.closures).toBeGreaterThan(answered.all * 0.6);
  });

  it('is what the rules of R4 and of our profiles are, but for a few', () => {
    expect(rules.filter(({ expression }) => !expression).map(({ key }) => key)).toEqual(few);
  });

  it('answers as by fhirpath.js for each rule of R4 and of our profiles', () => {
    const asked = new Set<string>();
    const nodes = [...valid, ...faulty].flatMap(nodesOf);
    for (const rule of rules.filter(({ expression }) => expression)) {
      for (const node of nodes.filter(({ type }) => type === rule.type)) {
        const answer = byClosure(rule.expression!, node);
        if (answer === left) continue;
        asked.add(rule.key);
        expect({ key: rule.key, answer }).toEqual({ key: rule.key, answer: byLibrary(rule.text, node) });
      }
    }
    expect(asked.size).toBeGreaterThan(40);
  });
});

/** Rules that stay with fhirpath.js: conversions of text to numbers, quantities, everything below an element. */
const few = [
  'cnt-3', 'eld-2', 'eld-16', 'eld-19', 'eld-3', 'rng-2', 'tim-9', 'csd-1', 'obs-7', 'que-2', 'que-7',
]; // prettier-ignore

const typeOfProfile = new Map(Object.values(profiles).map(({ name, type }) => [name, type]));
const rules = [
  ...Object.entries(invariants.types).map(([type, of]) => ({ type, of })),
  ...Object.entries(invariants.profiles).map(([name, of]) => ({ type: typeOfProfile.get(name)!, of })),
].flatMap(({ type, of }) =>
  of.map(({ key, expression: text }) => {
    return { type, key, text, expression: compileExpression(text, type, definitions) };
  }),
);

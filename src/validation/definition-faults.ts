/** Definitions that nothing can be compiled from: types that are not there, circles, rules that are no FHIRPath. */
import type { Issue } from '../fhir/issue.ts';
import { anyResource } from './base-schema.ts';
import type { ElementDefinition, StructureDefinition } from './definitions.ts';
import { isFhirPath } from './fhirpath/library.ts';

type Fault = [element: string, wrong: string, remedy: string];

/** One issue for each fault: `expression` is the id of the element, `rule` the URL of its definition. */
export function definitionFaults(definitions: readonly StructureDefinition[]): Issue[] {
  const byUrl = new Map(definitions.map((one) => [one.url, one]));
  const byId = new Map(definitions.map((one) => [one.id, one]));
  return definitions.flatMap((definition) =>
    [...derivation(definition, byUrl), ...typesOf(definition, byId), ...shared(definition), ...rulesOf(definition)].map(
      (fault) => issueOf(definition, fault),
    ),
  );
} // prettier-ignore

function issueOf({ id, url }: StructureDefinition, [element, wrong, remedy]: Fault): Issue {
  const message = `Profil ${id}, élément ${element} : ${wrong}. À faire : ${remedy}.`;
  return { severity: 'error', code: 'business-rule', message, expression: element, rule: url };
}

/** A definition that derives, through others, from itself. */
function derivation(definition: StructureDefinition, byUrl: ReadonlyMap<string, StructureDefinition>): Fault[] {
  const seen = new Set<string>();
  let at: StructureDefinition | undefined = definition;
  while (at?.baseDefinition) {
    if (seen.has(at.url)) return at.url === definition.url ? [[definition.type, `dérivation circulaire (${[...seen].map(idOf).join(' → ')})`, 'corriger baseDefinition']] : [];
    seen.add(at.url);
    at = byUrl.get(at.baseDefinition);
  }
  return [];
} // prettier-ignore

const idOf = (url: string): string => url.split('/').at(-1)!;

/** Abstract types that stand for others. */
const abstracts = new Set([anyResource, 'DomainResource', 'Element', 'BackboneElement']);

function typesOf({ snapshot, kind, id }: StructureDefinition, byId: ReadonlyMap<string, StructureDefinition>): Fault[] {
  const unknown = snapshot.element.flatMap((element): Fault[] => {
    const codes = (element.type ?? []).map(({ code }) => code);
    const lost = codes.filter((code) => !isSystem(code) && !abstracts.has(code) && !byId.has(code));
    return lost.length ? [[element.id, `type inconnu : ${lost.join(', ')}`, 'corriger le type, ou compiler aussi sa définition']] : [];
  });
  const circle = kind === 'complex-type' && !unknown.length ? circleFrom(id, byId) : undefined;
  return circle ? [...unknown, [circle[0]!, `types qui se contiennent sans fin (${circle.join(' → ')})`, 'rendre un de ces éléments facultatif']] : unknown;
} // prettier-ignore

const isSystem = (code: string): boolean => code.startsWith('http://hl7.org/fhirpath/');

/** The mandatory elements that lead from a type back to it: no finite value has them all. */
function circleFrom(type: string, byId: ReadonlyMap<string, StructureDefinition>): string[] | undefined {
  const seen = new Set<string>();
  return visit(type);

  function visit(from: string): string[] | undefined {
    if (seen.has(from)) return undefined;
    seen.add(from);
    for (const element of byId.get(from)?.snapshot.element ?? []) {
      const [only, ...others] = element.type ?? [];
      const depth = element.path.split('.').length;
      if (!element.min || depth !== 2 || !only || others.length) continue;
      const rest = only.code === type ? [] : visit(only.code);
      if (rest) return [element.id, ...rest];
    }
    return undefined;
  }
}

/** `contentReference`s that lead nowhere, or in a circle. */
function shared({ snapshot }: StructureDefinition): Fault[] {
  const byId = new Map(snapshot.element.map((element) => [element.id, element]));
  return snapshot.element.flatMap((element): Fault[] => {
    const seen = new Set<ElementDefinition>();
    let at: ElementDefinition | undefined = element;
    while (at?.contentReference) {
      if (seen.has(at)) return [[element.id, 'contentReference circulaire', 'désigner un élément qui a un contenu']];
      seen.add(at);
      at = byId.get(at.contentReference.replace(/^.*#/, ''));
    }
    return at ? [] : [[element.id, 'contentReference vers un élément absent', 'désigner un élément de ce type']];
  });
} // prettier-ignore

function rulesOf({ snapshot, differential }: StructureDefinition): Fault[] {
  return [...differential.element, ...snapshot.element].flatMap(({ id, constraint }) =>
    (constraint ?? [])
      .filter(({ expression }) => expression !== undefined && !isFhirPath(expression))
      .map(({ key }): Fault => [id, `la règle ${key} n’est pas du FHIRPath`, 'corriger son expression']),
  );
}

/** Definitions that cannot be compiled, each fault with what to do. */
export class FaultyDefinitions extends Error {
  readonly issues: readonly Issue[];

  /** Of issues that a differential and its snapshot both have, the first is kept. */
  constructor(issues: readonly Issue[]) {
    const distinct = [...new Map(issues.map((issue) => [issue.message, issue])).values()];
    super(distinct.map(({ message }) => message).join('\n'));
    this.issues = distinct;
  }
}

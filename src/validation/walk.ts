/** One walk through a resource for all that schemas do not say: rules, codes, extensions, ids; and the resources nested in it. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { anyResource, type Targets } from './base-schema.ts';
import { codingIssue, type ClosedSystems, identifierIssue } from './codings.ts';
import { checkContained } from './contained.ts';
import { type ExtensionCheck, extensionIssue } from './extensions.ts';
import type { Environment } from './fhirpath/values.ts';
import { narrativeIssue } from './narrative.ts';
import { expressionAt, type Finding, type Place } from './place.ts';
import type { Plan, Plans, Ready } from './plans.ts';
import { type Resolve, targetIssue, typeIssue } from './targets.ts';

/** A resource inside another (`contained`, `Bundle.entry.resource`) and the FHIRPath that leads to it. */
export type Nested = { resource: AnyResource; path: string; isContained: boolean };

export type WalkParts = {
  plans: Plans;
  closedSystems: ClosedSystems;
  resourceTypes: ReadonlySet<string>;
  /** Where references of R4 may lead. */
  targets: Targets;
  /** What the definition of an extension, and the type of its value, say of it. */
  extension: ExtensionCheck;
};

/** Issues of a resource and the resources directly nested in it. */
export type Walked = { issues: Issue[]; nested: Nested[] };

/** What profiles add to the type of a resource. */
export type Added = { rules: readonly Ready[]; targets: Targets | undefined };

/**
 * Walks through a resource, not into those nested in it. `added`: by its profiles; undefined when its structure is broken, so
 * that only extensions and nested resources are looked at.
 */
export function walk(
  resource: AnyResource,
  root: AnyResource,
  added: readonly Added[] | undefined,
  resolve: Resolve,
  { plans, targets, closedSystems, resourceTypes, extension }: WalkParts,
): Walked {
  const issues: Issue[] = [];
  const nested: Nested[] = [];
  const place: Place = [resource.resourceType];
  const environment: Environment = { resource, root };
  const narrowed = (added ?? []).flatMap(({ targets: own }) => (own ? [own] : []));
  let ids: Set<string> | undefined;
  visit(resource, plans.of(resource.resourceType), undefined);
  for (const { rules } of added ?? []) apply(rules, resource);
  for (const issue of added ? checkContained(resource) : []) issues.push(issue);
  return { issues, nested };

  function visit(value: object, plan: Plan, holder: Plan | undefined): void {
    if (plan.type === anyResource) return nest(value);
    if (added) {
      apply(plan.rules, value);
      if (plan.type === 'Coding') say(codingIssue(value, closedSystems));
      else if (plan.type === 'Reference') checkTarget(value, holder);
      else if (plan.type === 'Identifier') say(identifierIssue(value));
      else if (plan.type === 'Narrative') say(narrativeIssue(value));
      if (holder) checkId((value as { id?: unknown }).id);
    }
    if (plan.type === 'Extension') visitExtension(value, holder);
    for (const name in value) {
      const child = (value as Record<string, unknown>)[name];
      if (typeof child !== 'object' || child === null) continue;
      const part = plan.parts.get(name);
      if (!part) continue;
      place.push(part.name);
      if (Array.isArray(child)) visitList(child, part.plan, plan);
      else visit(child, part.plan, plan);
      place.pop();
    }
  }

  function visitList(items: readonly unknown[], plan: Plan, holder: Plan): void {
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
      place.push(index);
      visit(item, plan, holder);
      place.pop();
    }
  }

  function nest(value: object): void {
    const { resourceType } = value as { resourceType?: unknown };
    if (typeof resourceType !== 'string' || !resourceTypes.has(resourceType)) return;
    const isContained = place.includes('contained');
    nested.push({ resource: value as AnyResource, path: expressionAt(place), isContained });
  }

  function visitExtension(value: object, holder: Plan | undefined): void {
    for (const issue of extension.structure(value, place)) issues.push(issue);
    if (!added) return;
    say(extensionIssue(value, place, holder, extension));
    apply(extension.rules(value), value);
  }

  function checkTarget(value: object, holder: Plan | undefined): void {
    const name = place.findLast((step) => typeof step === 'string');
    say(typeIssue(value));
    say(targetIssue(value, targets[`${holder?.type}.${name}`], narrowed, place, resolve));
  }

  function checkId(id: unknown): void {
    if (typeof id !== 'string') return;
    ids ??= new Set();
    if (ids.has(id)) say(repeatedId);
    ids.add(id);
  }

  function apply(some: readonly Ready[], value: unknown): void {
    for (const { key, human, severity, holds } of some) {
      if (holds(value, environment)) continue;
      const message = `Règle ${key} non respectée : ${human}`;
      issues.push({
        severity,
        code: 'invariant',
        message,
        expression: expressionAt(place),
        rule: key,
      });
    }
  }

  function say(finding: Finding | undefined): void {
    if (!finding) return;
    const { below, ...issue } = finding;
    issues.push({ ...issue, expression: expressionAt(below ? [...place, below] : place) });
  }
}

/** Ids of elements are unique within a resource (FHIR R4 §2.24.0.4.1): others refer to elements by them. */
const repeatedId: Finding = {
  severity: 'error',
  code: 'value',
  message: 'id d’élément déjà porté par un autre de la même ressource',
  below: 'id',
};

/** An issue of a nested resource, told from the outermost one. */
export function inside(issue: Issue, { resource, path }: Nested): Issue {
  const { resourceType } = resource;
  const inner = issue.expression?.startsWith(resourceType) ? issue.expression.slice(resourceType.length) : '';
  return { ...issue, expression: path + inner };
}

/** Reads resources back into a draft: what is certain first, then what follows from it, then the likeliest. */
import type { Incoming } from './incoming.ts';
import type { Scope } from './draft.ts';
import { bindInstance, fits, type Instance, instanceByKey, listOf, scopeOf } from './instances.ts';
import { matchList } from './match-list.ts';
import { attempt, type Courage, type Matching } from './matching.ts';
import type { RuleShape, Shape } from './shape.ts';
import { supposeAbsent } from './suppose.ts';

/** An element still to be read. */
type Work = { shape: Shape; value: unknown; scope: Scope };

export function readBack(m: Matching, incoming: readonly Incoming[]): void {
  m.plausible = plausibleRules(m, incoming);
  const candidates = incoming.map((resource) => ({
    resource,
    rules: [...m.rules.values()].filter((rule) => fits(m, rule, resource)),
  }));
  const pending: Work[] = [];
  const started = new Set<string>();
  const start = (instance: Instance): void => {
    const name = `${instance.rule.name} ${instance.item ?? ''} ${instance.resource.key}`;
    if (started.has(name)) return;
    started.add(name);
    attempt(m, () => bindInstance(m, instance));
    pending.push(...worksOf(instance));
    for (const [name, shape] of instance.rule.elements) {
      if (!(name in instance.resource.elements)) supposeAbsent(m.draft, scopeOf(instance), shape);
    }
  };
  const byTypeAndKey = new Map(incoming.map((one) => [`${one.type} ${one.key}`, one]));
  const follow = (): void => {
    for (const { rule: name, item, key } of m.draft.links.values()) {
      const rule = m.rules.get(name)!;
      const resource = byTypeAndKey.get(`${rule.type} ${key}`);
      if (resource) start({ rule, item, resource });
    }
  };
  const settle = (courage: Courage): void => {
    m.courage = courage;
    for (let progress = true; progress;) {
      const works = pending.splice(0);
      const open = works.filter((work) => !read(m, work));
      const known = started.size;
      follow();
      progress = open.length < works.length || started.size > known;
      pending.push(...open);
    }
  };

  for (const { rule, resource } of inOrder(certain(candidates))) {
    const instance = instanceByKey(m, rule, resource);
    if (instance) start(instance);
  }
  settle(0);
  for (const { resource, rules } of candidates.filter(({ rules }) => rules.length > 1)) {
    const best = likeliest(m, rules, resource);
    const instance = best && instanceByKey(m, best, resource);
    if (instance) start(instance);
    settle(0);
  }
  settle(1);
  for (const { rule, resource } of certain(candidates)) {
    const list = listOf(rule);
    const unnamed = list !== undefined && !m.identities.get(list)?.namedBy.size;
    const linked = [...m.draft.links.values()].some(({ key }) => key === resource.key);
    if (unnamed && !linked) start({ rule, item: m.draft.append(list), resource });
  }
  settle(1);
  settle(2);
}

type Candidate = { resource: Incoming; rules: readonly RuleShape[] };
type Certain = { resource: Incoming; rule: RuleShape };

function certain(candidates: readonly Candidate[]): Certain[] {
  return candidates.flatMap(({ resource, rules: [rule, ...others] }) =>
    rule && !others.length ? [{ resource, rule }] : [],
  );
}

/** Rules with most resources first: they say best in which order a list stands. */
function inOrder(all: readonly Certain[]): Certain[] {
  const count = new Map<RuleShape, number>();
  for (const { rule } of all) count.set(rule, (count.get(rule) ?? 0) + 1);
  return [...all].sort((a, b) => count.get(b.rule)! - count.get(a.rule)!);
}

/** False: to be read again, with more known or with more courage. */
function read(m: Matching, { shape, value, scope }: Work): boolean {
  const mark = m.draft.mark();
  m.later = false;
  if (matched(m, shape, value, scope) && !m.later) return true;
  if (!m.later) return true;
  m.draft.undo(mark);
  return false;
}

/** What a list has that no rule explains does not keep the rest from being read. */
function matched(m: Matching, shape: Shape, value: unknown, scope: Scope): boolean {
  const whole = attempt(m, () => m.match(m, shape, value, scope));
  if (whole || m.later || m.courage < 2) return whole;
  m.lenient = true;
  const shapes = shape.kind === 'list' ? shape.items : [shape];
  const values = Array.isArray(value) ? value : [value];
  attempt(m, () => matchList(m, shapes, values, scope) > 0);
  m.lenient = false;
  return true;
}

function worksOf(instance: Instance): Work[] {
  const { rule, resource } = instance;
  const scope = scopeOf(instance);
  const works = Object.entries(resource.elements).flatMap(([name, value]): Work[] => {
    const shape = rule.elements.get(name);
    return shape ? [{ shape, value, scope }] : [];
  });
  return rule.tag ? [{ shape: rule.tag, value: resource.tags, scope }, ...works] : works;
}

/** Of the rules whose keys do not name an item, those that explain a resource best, by `type key`. */
function plausibleRules(m: Matching, incoming: readonly Incoming[]): Matching['plausible'] {
  const plausible = new Map<string, ReadonlySet<string>>();
  for (const resource of incoming) {
    const rules = [...m.rules.values()].filter((rule) => fits(m, rule, resource));
    if (rules.length < 2) continue;
    const costs = rules.map((rule) => {
      const mark = m.draft.mark();
      const list = listOf(rule);
      const item = list === undefined ? undefined : m.draft.append(list);
      const cost = costOf(m, { rule, item, resource });
      m.draft.undo(mark);
      return cost;
    });
    const least = Math.min(...costs);
    const best = rules.filter((_, index) => costs[index] === least).map(({ name }) => name);
    plausible.set(`${resource.type} ${resource.key}`, new Set(best));
  }
  return plausible;
}

/** Of several rules that can have given a key, the one that leaves least of the resource unexplained. */
function likeliest(m: Matching, rules: readonly RuleShape[], resource: Incoming): RuleShape | undefined {
  let best: RuleShape | undefined;
  let least = Infinity;
  for (const rule of rules) {
    const mark = m.draft.mark();
    const { learnt } = m.draft;
    const instance = instanceByKey(m, rule, resource);
    const newItem = m.draft.learnt > learnt ? 1 : 0;
    const cost = instance ? newItem + costOf(m, instance) : Infinity;
    m.draft.undo(mark);
    if (cost < least) [best, least] = [rule, cost];
  }
  return best;
}

/** Two for everything the rule does not explain. */
function costOf(m: Matching, instance: Instance): number {
  const { rule, resource } = instance;
  let cost = attempt(m, () => bindInstance(m, instance)) ? 0 : 2;
  const { courage } = m;
  m.courage = 2;
  for (const name of Object.keys(resource.elements)) if (!rule.elements.has(name)) cost += 2;
  for (const { shape, value, scope } of worksOf(instance)) {
    if (!attempt(m, () => m.match(m, shape, value, scope))) cost += 2;
  }
  m.courage = courage;
  return cost;
}

/**
 * Maps a record with lists too long to hold: the record without the lists once, then each list page by page. What
 * grows with the list is some 50 bytes a resource, to know what was written already, and the rows that others refer to.
 */
import canonicalize from 'canonicalize';
import { DigestTable, digestNumber } from '../fhir/digest-table.ts';
import type { Issue } from '../fhir/issue.ts';
import { logicalId } from '../fhir/key.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import type { Mapping } from './compile.ts';
import { reportSecond } from './duplicates.ts';
import { produce, targetsOf } from './map-record.ts';
import type { ResourceRule } from './resource-rule.ts';
import type { Run, Target } from './run.ts';
import type { MappedResource, SourceRecord } from './types.ts';

/** `present`: is a resource of this logical id written with this page or another? */
export type MappedPage = {
  resources: MappedResource[];
  issues: Issue[];
  present: (id: string) => boolean;
};

export type PagedMapping = {
  /** Remembers the rows of a page whose `id` others name; before any page is mapped. */
  learn: (page: SourceRecord, list: string, named: ReadonlySet<string>) => void;
  /** What the record yields without its lists. */
  rest: () => MappedPage;
  page: (page: SourceRecord, list: string) => MappedPage;
};

/** Thrown when a rule looks at a list as a whole: such a record is mapped in one piece (`mapRecord`). */
export class WholeListNeeded extends Error {}

/**
 * `record` has the lists empty; a page is the record with some rows as one of them. Throws WholeListNeeded, here or from
 * `rest` and `page`.
 */
export function pagedMapping(
  mapping: Mapping,
  record: SourceRecord,
  lists: readonly string[],
  at: string,
): PagedMapping {
  const loopsOver = (rule: ResourceRule, some: readonly string[]): boolean =>
    rule.loop !== undefined && some.includes(rule.loop.list.text);
  const over = mapping.rules.filter((rule) => loopsOver(rule, lists));
  const others = mapping.rules.filter((rule) => !loopsOver(rule, lists));
  const learned = new Map(over.map(({ index }) => [index, new Map<string, Target>()]));
  const written = new DigestTable();
  const gate: Gate = { open: undefined };

  const start = (of: SourceRecord): Run => ({
    record: { ...of, data: watched(of.data, lists, gate) },
    at,
    issues: [],
    trace: undefined,
    slots: [],
    indexes: [],
    targets: [],
    turns: 0,
    key: '',
  });
  /** Only the loops over a list may read it. */
  const looping = <T>(list: string, work: () => T): T => {
    gate.open = list;
    try {
      return work();
    } finally {
      gate.open = undefined;
    }
  };
  const build = (
    run: Run,
    rules: readonly ResourceRule[],
    items: (rule: ResourceRule) => Json[] | undefined,
  ) =>
    rules.flatMap((rule) => {
      const rows = items(rule);
      return run.targets[rule.index]!.all.flatMap(({ index, key }) => {
        run.slots[0] = rows?.[index];
        run.indexes[0] = index;
        run.key = key;
        const resource = produce(run, rule);
        return isNew(run, rule, resource, written) ? [resource] : [];
      });
    });

  const base = start(record);
  for (const rule of others) base.targets[rule.index] = targetsOf(base, rule);
  for (const [index, byId] of learned) base.targets[index] = { all: [], byId };
  const basePresent = new Set<string>();
  note(base, others, basePresent);

  return {
    learn: (page, list, named) => {
      const run = start(page);
      for (const rule of over.filter((one) => loopsOver(one, [list]))) {
        for (const target of looping(list, () => targetsOf(run, rule)).all)
          if (target.id !== undefined && named.has(target.id))
            learned.get(rule.index)!.set(target.id, target);
      }
    },
    rest: () => {
      const resources = build(base, others, (rule) => rule.loop?.list.read(base) as Json[] | undefined);
      const ids = new Set<string>();
      note(base, over, ids);
      return { resources, issues: base.issues, present: (id) => basePresent.has(id) || ids.has(id) };
    },
    page: (page, list) => {
      const run = start(page);
      const ofList = over.filter((rule) => loopsOver(rule, [list]));
      base.targets.forEach((targets, index) => (run.targets[index] = targets));
      const ids = new Set<string>();
      for (const rule of ofList) {
        const { all } = looping(list, () => targetsOf(run, rule));
        run.targets[rule.index] = { all, byId: new Layered(all, learned.get(rule.index)!) };
      }
      note(run, over, ids);
      const rows = page.data[list] as Json[] | undefined;
      const resources = build(run, ofList, () => rows);
      return { resources, issues: run.issues, present: (id) => basePresent.has(id) || ids.has(id) };
    },
  };
}

/** The targets of a page, else those learned from all pages. */
class Layered extends Map<string, Target> {
  readonly #below: ReadonlyMap<string, Target>;
  constructor(own: readonly Target[], below: ReadonlyMap<string, Target>) {
    super(own.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])));
    this.#below = below;
  }
  override get(id: string): Target | undefined {
    return super.get(id) ?? this.#below.get(id);
  }
  /** All there are, those learned included. */
  *known(): Iterable<Target> {
    yield* this.values();
    yield* this.#below.values();
  }
}

/** Logical ids of what rules will write. */
function note(run: Run, rules: readonly ResourceRule[], ids: Set<string>): void {
  for (const rule of rules) {
    const { all, byId } = run.targets[rule.index]!;
    for (const { key } of [...all, ...(byId instanceof Layered ? byId.known() : (byId?.values() ?? []))])
      ids.add(logicalId(rule.type, `${rule.keySystem}|${key}`));
  }
}

/** The list that may be read now. */
type Gate = { open: string | undefined };

/** Lets nobody read a list while the gate is not open for it. */
function watched(data: JsonObject, lists: readonly string[], gate: Gate): JsonObject {
  return new Proxy(data, {
    get: (target, name) => {
      if (name !== gate.open && lists.includes(name as string)) throw new WholeListNeeded(String(name));
      return target[name as string];
    },
  });
}

function isNew(run: Run, rule: ResourceRule, resource: MappedResource, written: DigestTable): boolean {
  const copy = resource.class === 'directory-copy';
  const content = copy ? digestNumber(canonicalize(resource.body) ?? '') : 1;
  const first = written.add(`${resource.type}\n${resource.key}`, content);
  if (first !== undefined && !(copy && first === content)) reportSecond(run, rule);
  return first === undefined;
}

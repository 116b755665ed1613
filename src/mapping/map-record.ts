/** Maps one record: first the keys of everything it yields, so that references can point anywhere, then the bodies. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource, Json, JsonObject } from '../fhir/types.ts';
import type { Mapping } from './compile.ts';
import { textOf } from './compilation.ts';
import { isSameCopy, reportSecond } from './duplicates.ts';
import { step } from './compiled.ts';
import { itemsOf } from './loops.ts';
import { reportAt } from './report.ts';
import type { ResourceRule } from './resource-rule.ts';
import type { Run, Targets } from './run.ts';
import { Trace } from './trace.ts';
import type { MapOptions, MappedResource, Origin, SourceRecord } from './types.ts';

/**
 * The resources a record yields on a day, in the order of the rules, and what is wrong with the record.
 * Pure: the same record, mapping and day give the same answer. Never throws on bad content.
 */
export function mapRecord(
  mapping: Mapping,
  record: SourceRecord,
  options: MapOptions,
): { resources: MappedResource[]; issues: Issue[] } {
  const run: Run = {
    record,
    at: options.at,
    issues: [],
    trace: options.explain ? new Trace() : undefined,
    slots: [],
    indexes: [],
    targets: [],
    turns: 0,
    key: '',
  };
  for (const rule of mapping.rules) run.targets[rule.index] = targetsOf(run, rule);
  const resources: MappedResource[] = [];
  const seen = new Map<string, Map<string, MappedResource>>();
  for (const rule of mapping.rules) {
    const items = rule.loop?.list.read(run) as Json[] | undefined;
    const alike = seenOf(seen, rule);
    for (const target of run.targets[rule.index]!.all) {
      run.slots[0] = items?.[target.index];
      run.indexes[0] = target.index;
      run.key = target.key;
      const resource = produce(run, rule);
      const first = alike.get(target.key);
      if (first) {
        if (!isSameCopy(first, resource)) reportSecond(run, rule);
      } else {
        alike.set(target.key, resource);
        resources.push(resource);
      }
    }
  }
  return { resources, issues: run.issues };
}

/** Resources of one type and key system: keys are told apart by their values. */
function seenOf(
  seen: Map<string, Map<string, MappedResource>>,
  { type, keySystem }: ResourceRule,
): Map<string, MappedResource> {
  const name = `${type} ${keySystem}`;
  let alike = seen.get(name);
  if (!alike) seen.set(name, (alike = new Map<string, MappedResource>()));
  return alike;
}

/** What a rule will produce from a record, before any body is built. */
export function targetsOf(run: Run, rule: ResourceRule): Targets {
  const targets: Targets = { all: [], byId: undefined };
  const count = rule.loop ? itemsOf(run, rule.loop).length : 1;
  const items = rule.loop?.list.read(run) as Json[] | undefined;
  for (let index = 0; index < count; index += 1) {
    run.slots[0] = items?.[index];
    run.indexes[0] = index;
    if (rule.when && !rule.when(run)) continue;
    const value = rule.keyValue.read(run);
    if (!value) {
      reportAt(
        run,
        rule.keyValue.pointer(run),
        'required',
        `Sans clé, « ${rule.name} » ne peut être publié.`,
        rule.rule,
      );
      continue;
    }
    const id = rule.id?.read(run);
    targets.all.push({
      key: value,
      index,
      id: id === undefined ? undefined : textOf(id),
      reference: undefined,
    });
  }
  return targets;
}

/** Of everything that is mapped without being asked to explain itself. */
const noOrigin: Origin[] = Object.freeze([]) as never;

/** Builds one resource; slots, indexes and key of the run are those of its target. */
export function produce(run: Run, rule: ResourceRule): MappedResource {
  const { trace } = run;
  const identifier = trace ? step(run, rule.identifiers, 'identifier') : rule.identifiers.evaluate(run);
  const meta = trace ? step(run, rule.meta, 'meta') : rule.meta.evaluate(run);
  const body = { resourceType: rule.type, meta, identifier } as unknown as AnyResource;
  rule.elements.write(run, body as JsonObject);
  return {
    type: rule.type,
    key: `${rule.keySystem}|${run.key}`,
    class: rule.class,
    body,
    origin: trace ? trace.take() : noOrigin,
  };
}

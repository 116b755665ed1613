/** Maps one record: first the keys of everything it yields, so that references can point anywhere, then the bodies. */
import { referenceTo } from '../fhir/references.ts';
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource, Json, JsonObject } from '../fhir/types.ts';
import type { Mapping } from './compile.ts';
import { textOf } from './compilation.ts';
import { addOnce } from './duplicates.ts';
import { step } from './compiled.ts';
import { itemsOf } from './loops.ts';
import { reportAt } from './report.ts';
import type { ResourceRule } from './resource-rule.ts';
import type { Run, Target, Targets } from './run.ts';
import { Trace } from './trace.ts';
import type { MapOptions, MappedResource, SourceRecord } from './types.ts';

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
  };
  for (const rule of mapping.rules) run.targets[rule.index] = targetsOf(run, rule);
  const resources = new Map<string, MappedResource>();
  for (const rule of mapping.rules) {
    const items = rule.loop?.list.read(run) as Json[] | undefined;
    for (const target of run.targets[rule.index]?.all ?? []) {
      run.slots[0] = items?.[target.index];
      run.indexes[0] = target.index;
      addOnce(run, rule, resources, produce(run, rule, target));
    }
  }
  return { resources: [...resources.values()], issues: run.issues };
}

function targetsOf(run: Run, rule: ResourceRule): Targets {
  const targets: Targets = { all: [], byId: new Map() };
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
    const reference = Object.freeze({ reference: referenceTo(rule.type, `${rule.keySystem}|${value}`) });
    const target: Target = { key: value, index, reference };
    targets.all.push(target);
    const id = rule.id?.read(run);
    if (id !== undefined) targets.byId.set(textOf(id), target);
  }
  return targets;
}

function produce(run: Run, rule: ResourceRule, target: Target): MappedResource {
  if (run.trace) {
    run.trace.enter('identifier[0].value');
    run.trace.note(rule.rule, rule.keyValue.pointer(run));
    run.trace.leave();
  }
  const meta = step(run, rule.meta, 'meta');
  const elements = (rule.elements.evaluate(run) ?? {}) as JsonObject;
  const { identifier: more, ...others } = elements;
  const body = {
    resourceType: rule.type,
    meta,
    identifier: [{ ...rule.keyIdentifier, value: target.key }, ...(Array.isArray(more) ? more : [])],
    ...others,
  } as unknown as AnyResource;
  return {
    type: rule.type,
    key: `${rule.keySystem}|${target.key}`,
    class: rule.class,
    body,
    origin: run.trace?.take() ?? [],
  };
}

/** Wrong versions of the delivery core and of what reads a directory, each a patch to the real modules, that the checker must notice: they test the tests. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `old` stands exactly once in the file; otherwise the patch no longer fits and says so. */
export type Mutant = {
  name: string;
  of?: 'reading';
  patches: { file: string; old: string; young: string }[];
};

const inAttempt = 'delivery/attempt.ts';
const inRecord = 'delivery/record.ts';
const inRender = 'delivery/render.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledges before the commit',
    patches: [
      {
        file: 'delivery/enqueue.ts',
        old: 'await tx.outbox.add(items.map((item) => stored(item, clock.now())));',
        young: 'void tx.outbox.add(items.map((item) => stored(item, clock.now())));',
      },
    ],
  },
  {
    name: 'retries without reading back',
    patches: [
      {
        file: inAttempt,
        old: 'const unsure = again ? targets : unguarded;',
        young: 'const unsure: Target[] = again ? [] : unguarded;',
      },
    ],
  },
  {
    name: 'takes an item out before it is queued again',
    patches: [
      {
        file: 'delivery/settle.ts',
        old: "return (await store.outbox.postpone(item, due, reasonOf(error, times, due))) ? 'waiting' : 'lost';",
        young:
          "if (!(await store.outbox.park(item, due, null))) return 'lost'; " +
          "return (await store.outbox.requeue(item.tenant, { id: item.id }, due, item.deadline)) ? 'waiting' : 'lost';",
      },
    ],
  },
  {
    name: 'completes without its lease',
    patches: [
      {
        file: inRecord,
        old: "if (!(await tx.outbox.deliver(item, now))) return 'lost';",
        young: 'await tx.outbox.deliver(item, now);',
      },
      {
        file: inAttempt,
        old: 'if (entries.length && !(await parts.stillHeld())) return { lost: true };',
        young: '',
      },
    ],
  },
  {
    name: 'says delivered before receipts and effect are written',
    patches: [
      {
        file: inRecord,
        old: "if (!(await tx.outbox.deliver(item, now))) return 'lost';",
        young: "if (!(await store.transaction((one) => one.outbox.deliver(item, now)))) return 'lost';",
      },
    ],
  },
  {
    name: 'updates without If-Match',
    patches: [{ file: inRender, old: '...(version === undefined ? {} : { ifMatch: version }),', young: '' }],
  },
  {
    name: 'creates without If-None-Match',
    patches: [{ file: inRender, old: "...(creates ? { ifNoneMatch: '*' as const } : {}),", young: '' }],
  },
  {
    name: 'moves its cursor before the rows that it covers are written',
    of: 'reading',
    patches: [
      {
        file: 'directory/read-run.ts',
        old: `committed = store.directoryBulk.commitPage(target, [...fresh, ...named], {
        ...page,
        seen: known.takeSeen(),
      });`,
        young: `const first = { ...page, seen: known.takeSeen() };
      const then = { ...page, seq: (seq += 1), seen: Buffer.alloc(0) };
      committed = store.directoryBulk
        .commitPage(target, [], first)
        .then(() => store.directoryBulk.commitPage(target, [...fresh, ...named], then));`,
      },
    ],
  },
];

/** A copy of `src/` with one mutant in it; `remove` ends it. */
export async function writeMutant({
  name,
  patches,
}: Mutant): Promise<{ sources: string; remove: () => Promise<void> }> {
  const project = new URL('../..', import.meta.url).pathname;
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-mutant-'));
  const sources = join(folder, 'src');
  await cp(join(project, 'src'), sources, { recursive: true });
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const { file, old, young } of patches) {
    const path = join(sources, file);
    const parts = (await readFile(path, 'utf8')).split(old);
    if (parts.length !== 2) throw new Error(`« ${name} »: the patch of ${file} no longer fits`);
    await writeFile(path, parts.join(young));
  }
  return { sources, remove: () => rm(folder, { recursive: true, force: true }) };
}

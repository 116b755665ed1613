/** A plan for people: per server and network what would change, each field old → new with its line in the file. */
import type {
  DriftedResource,
  FieldChange,
  HeldNetwork,
  Plan,
  PlanCounts,
  PlannedChange,
  ServerPlan,
} from '../operations.ts';
import type { Output } from './context.ts';
import { count, issueLine } from './output.ts';

type Op = PlannedChange['op'];

const words: Record<Op, { title: string; one: string; many: string; mark: string }> = {
  create: { title: 'à créer', one: 'à créer', many: 'à créer', mark: '+' },
  update: { title: 'à modifier', one: 'à modifier', many: 'à modifier', mark: '~' },
  close: { title: 'à clore', one: 'à clore', many: 'à clore', mark: '-' },
  adopt: { title: 'à adopter', one: 'à adopter', many: 'à adopter', mark: '>' },
  release: { title: 'à rendre', one: 'à rendre', many: 'à rendre', mark: '<' },
  blocked: { title: 'bloquées', one: 'bloquée', many: 'bloquées', mark: '!' },
  unchanged: { title: 'inchangées', one: 'inchangée', many: 'inchangées', mark: ' ' },
};
const order = Object.keys(words) as Op[];

/** Prints all of it. */
export function printPlan(plan: Plan, output: Output): void {
  for (const issue of plan.issues) output.line(issueLine(issue));
  for (const server of plan.servers) {
    output.line(`${server.server} : ${counted(server.counts)}`);
    for (const issue of server.issues) output.line(`  ! ${issueLine(issue)}`);
    for (const { network, counts } of server.networks) {
      const changes = server.changes.filter((one) => one.network === network);
      if (changes.length) printNetwork(plan, network, counts, changes, output);
    }
    printUntouched(server, output);
    printDrift(server.drift, output);
  }
  for (const held of plan.held) printHeld(held, plan.servers.length === 1, output);
}

/** `2 à créer, 31 inchangées`. */
export function counted(counts: PlanCounts): string {
  const told = order
    .filter((op) => counts[op] > 0)
    .map((op) => `${counts[op]} ${counts[op] > 1 ? words[op].many : words[op].one}`);
  return told.join(', ') || 'rien à publier';
}

/** Networks of which nothing changes, when others do. */
function printUntouched({ changes, networks }: ServerPlan, output: Output): void {
  const touched = new Set(changes.map(({ network }) => network));
  const rest = networks.filter(({ network }) => !touched.has(network));
  if (changes.length === 0 || rest.length === 0) return;
  const told = rest.map(({ network, counts }) => `${network} (${counts.unchanged})`);
  output.line(`  Réseaux inchangés : ${told.join(', ')}`);
}

function printNetwork(
  plan: Plan,
  id: string,
  counts: PlanCounts,
  changes: readonly PlannedChange[],
  output: Output,
): void {
  const network = plan.networks.find((one) => one.id === id);
  const name = network?.name ? ` (${network.name})` : '';
  const gone = network ? '' : ', absent des fichiers';
  output.line(`  Réseau ${id}${name}${gone} : ${counted(counts)}`);
  printChanges(changes, '    ', output);
}

/** Changes by what happens to them, each with its fields. */
export function printChanges(changes: readonly PlannedChange[], indent: string, output: Output): void {
  for (const op of order) {
    const some = changes.filter((one) => one.op === op);
    if (some.length) output.line(`${indent}${words[op].title} :`);
    for (const { type, key, name, source, reason, fields } of some) {
      const told = [name || key, source && `(${source})`, reason && `— ${reason}`].filter(Boolean).join(' ');
      output.line(`${indent}  ${words[op].mark} ${type}  ${told}`);
      if (op === 'adopt') output.line(`${indent}      clé : ${key}`);
      if (op !== 'close') fields.forEach((field) => output.line(`${indent}      ${fieldLine(field)}`));
    }
  }
}

function fieldLine({ path, before, after, source }: FieldChange): string {
  return `${path} : ${before || '∅'} → ${after || '∅'}${source ? `  (${source})` : ''}`;
}

const drifts: Record<DriftedResource['kind'], string> = {
  changed: 'modifiée à l’hôpital',
  deleted: 'supprimée à l’hôpital',
  missing: 'introuvable à l’hôpital',
};

function printDrift(drift: readonly DriftedResource[], output: Output): void {
  if (drift.length === 0) return;
  output.line(`  ${count(drift.length, 'écart')} à l’hôpital depuis notre dernière publication :`);
  for (const { type, name, key, kind, theirs, ours, conflicts } of drift) {
    output.line(`    ≠ ${type}  ${name || key} — ${drifts[kind]}`);
    for (const field of theirs) output.line(`        par l’hôpital : ${fieldLine(field)}`);
    for (const field of ours) output.line(`        par le réseau : ${fieldLine(field)}`);
    for (const { actual, ...field } of conflicts)
      output.line(`        par les deux : ${fieldLine(field)}, à l’hôpital : ${actual || '∅'}`);
  }
  output.line('    Rien de cela n’est écrasé par apply ; « passerelle reconcile --repair » remet la nôtre.');
}

/** `alone`: there is but one server, which needs no name. */
function printHeld(
  { network, beforeRun, since, differences }: HeldNetwork,
  alone: boolean,
  output: Output,
): void {
  const file = !differences
    ? 'Son fichier n’a pas pu être lu.'
    : differences.length > 0
      ? 'Son fichier dit autrement :'
      : 'Son fichier dit la même chose.';
  output.line(
    `Réseau ${network} maintenu dans son état d’avant le passage ${beforeRun} (retour du ${since.slice(0, 10)}) ` +
      'jusqu’à ce que son fichier change, ou « passerelle apply --release ' +
      `${network} ». ${file}`,
  );
  if (!differences) return;
  if (alone) return printChanges(differences, '  ', output);
  const servers = [...Map.groupBy(differences, ({ server }) => server)];
  const same = servers.every(([, changes]) => isSame(changes, servers[0]![1]));
  const groups =
    same && servers.length > 0 ? [[servers.map(([id]) => id).join(', '), servers[0]![1]] as const] : servers;
  for (const [ids, changes] of groups) {
    output.line(`  chez ${ids} :`);
    printChanges(changes, '    ', output);
  }
}

/** Two servers of which the same is said. */
function isSame(some: readonly PlannedChange[], others: readonly PlannedChange[]): boolean {
  const said = (changes: readonly PlannedChange[]): string =>
    JSON.stringify(changes.map(({ server: _server, ...change }) => change));
  return said(some) === said(others);
}

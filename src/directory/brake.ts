import type { SyncCounts } from '../directory-operations.ts';
import type { Issue } from '../fhir/issue.ts';

export type BrakeGround = {
  counts: Readonly<Record<string, SyncCounts>>;
  /** Records in use before the run, by kind; need not be known while no more than `freely` records are touched or come in. */
  held: Readonly<Record<string, number>>;
  /** Some complete reading was applied: what comes in now was not there then. */
  grown?: boolean;
  /** What the sources reported: rules `brake:*` stop the run. */
  issues: readonly Issue[];
  asOf: Date;
  /** The source's date of what is held. */
  heldAsOf: Date | null;
  /** Of a full run: what it read, and what the last full run that was applied had read. */
  readings?: { now: Reading; before: Reading };
};

/** Rows of all pages, those that were read again included; records of each kind, where the source counts them. */
export type Reading = { rows: number; totals?: readonly { kind: string; read: number }[] };

/** A full run with fewer rows than this share of the last one is taken for a truncated one. */
const fewestShare = 0.7;
/** New records of a kind beyond this share of those in use are taken for doubles, or for somebody else's. */
const mostGrowth = 0.3;

/** Why a run waits for a person's word before it is applied; nothing when it need not (goals of issue 5: truncation, mass change). */
export function brakeIssues(
  ground: BrakeGround,
  { share, freely }: { share: number; freely: number },
): Issue[] {
  const { counts, issues, asOf, heldAsOf, readings } = ground;
  const held = Object.values(ground.held).reduce((sum, one) => sum + one, 0);
  const found = issues.filter(({ rule }) => rule?.startsWith('brake:'));
  const add = (rule: string, message: string): void => {
    if (!found.some((issue) => issue.rule === rule))
      found.push({ severity: 'warning', code: 'business-rule', rule, message });
  };
  const touched = touchedIn(counts);
  if (touched > freely && touched > share * held)
    add(
      'brake:mass',
      `${touched} fiches sur ${held} changent, se ferment ou disparaissent, plus que les ${Math.round(share * 1000) / 10} % permis : ` +
        'à confirmer avant d’appliquer (--confirm).',
    );
  for (const [kind, { before, incoming }] of ground.grown ? growing(ground) : [])
    if (incoming > freely && incoming > mostGrowth * before)
      add(
        'brake:growth',
        `${incoming} fiches ${kind} nouvelles ou rouvertes pour ${before} tenues, plus que les ${mostGrowth * 100} % attendus au plus : ` +
          'la source les dit peut-être deux fois, ou en dit d’autres que les siennes. À confirmer avant d’appliquer (--confirm).',
      );
  if (heldAsOf && asOf < heldAsOf)
    add(
      'brake:older',
      `Ce qui a été lu date du ${day(asOf)}, avant ce qui est tenu (${day(heldAsOf)}) : à confirmer avant d’appliquer (--confirm).`,
    );
  const rows = readings && comparable(readings);
  if (rows && rows.before - rows.now > freely && rows.now < fewestShare * rows.before)
    add(
      'brake:short',
      `${rows.now} lignes ou fiches lues, contre ${rows.before} à la dernière lecture complète : la source est peut-être tronquée. ` +
        'À confirmer avant d’appliquer (--confirm).',
    );
  return found;
}

/** Records of the kinds that both readings counted; rows where they counted none. */
function comparable({ now, before }: { now: Reading; before: Reading }): { now: number; before: number } {
  const sumOf = (one: Reading, other: Reading): number | undefined => {
    const both = one.totals?.filter(({ kind }) => other.totals?.some((total) => total.kind === kind)) ?? [];
    return both.length > 0 ? both.reduce((sum, { read }) => sum + read, 0) : undefined;
  };
  return { now: sumOf(now, before) ?? now.rows, before: sumOf(before, now) ?? before.rows };
}

/** Kinds that were held before; one that was not is new at the source. */
function growing({ counts, held }: BrakeGround): [kind: string, { before: number; incoming: number }][] {
  return Object.entries(counts)
    .filter(([kind]) => (held[kind] ?? 0) > 0)
    .map(([kind, { created, reopened }]) => [kind, { before: held[kind]!, incoming: created + reopened }]);
}

/** Whether anything is to be weighed against what is in use. */
export function isMass(counts: BrakeGround['counts'], { freely }: { freely: number }): boolean {
  const incoming = Object.values(counts).some(({ created, reopened }) => created + reopened > freely);
  return incoming || touchedIn(counts) > freely;
}

/** Records that a run changes, closes or lets vanish. */
function touchedIn(counts: BrakeGround['counts']): number {
  return Object.values(counts).reduce((sum, one) => sum + one.changed + one.closed + one.vanished, 0);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

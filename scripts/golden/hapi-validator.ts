/** HAPI's validator over samples, offline, in one process. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { classPath } from './maven.ts';
import { addIssues, type OutcomeIssue, type Sample, saysError, type Verdict } from './verdict.ts';

type Line = { source: string; ms: number; outcome: { issue: OutcomeIssue[] } };

/**
 * Judges samples against R4 and the profiles of `guide`; unknown profiles and extensions are errors. With more `rounds` than one
 * the time told is that of the last, when the JVM is warm.
 */
export function judgeWithHapi(root: string, guide: string, samples: readonly Sample[], rounds = 1): Verdict {
  const path = classPath(join(root, 'test', 'hapi', 'validator'), 'hapi-validator');
  const files = samples.map((sample) => sample.path);
  const run = spawnSync(
    'java',
    [
      '-Xmx1g',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      path,
      'hapitest.Validate',
      `--rounds=${rounds}`,
      guide,
      ...files,
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  if (run.status !== 0) throw new Error(`Le validateur HAPI s'est arrêté :\n${run.stderr}`);
  const sourceOf = new Map(samples.map((sample) => [sample.path, sample.source]));
  const verdict: Verdict = {
    validator: 'HAPI',
    resources: samples.length,
    errors: [],
    warnings: [],
    unchecked: [],
  };
  const lines = run.stdout.split('\n').filter(Boolean);
  if (lines.length !== samples.length) throw new Error('Le validateur HAPI a laissé des ressources de côté.');
  for (const line of lines) {
    const { source, ms, outcome } = JSON.parse(line) as Line;
    verdict.ms = (verdict.ms ?? 0) + ms;
    addIssues(verdict, sourceOf.get(source)!, outcome.issue, saysError);
  }
  return verdict;
}

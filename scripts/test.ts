/**
 * Runs the tests and ends with one line, `N passed, N failed`, counted from the runner's own report.
 *   node scripts/test.ts          everything: real PostgreSQL, real HAPI, both validators, a sample of the fault runs
 *   node scripts/test.ts --fast   without what needs a JDK and Maven, and says so
 *   node scripts/test.ts --long   everything with full seed, crash and soak counts
 * Further arguments go to the runner, e.g. `npm test -- test/fhir`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
};

/** Folders of tests that need a JDK and Maven. */
const javaLayers = ['test/hapi-layer/', 'test/conformance/'];

const ownFlags: readonly string[] = ['--fast', '--long'];
const flags = new Set(process.argv.slice(2).filter((argument) => ownFlags.includes(argument)));
const forRunner = process.argv.slice(2).filter((argument) => !flags.has(argument));
const fast = flags.has('--fast');

if (fast) {
  console.log(
    'Sans JDK : les tests contre HAPI et les validateurs officiels sont laissés de côté (npm test les exécute).',
  );
} else {
  const missing = [
    ['java', '-version', 'un JDK 17 (Debian : apt-get install openjdk-17-jdk-headless)'],
    ['mvn', '-version', 'Maven (Debian : apt-get install maven)'],
  ].filter(([command, flag]) => spawnSync(command!, [flag!], { stdio: 'ignore' }).status !== 0);
  if (missing.length) {
    console.error(`npm test demande ${missing.map(([, , what]) => what).join(' et ')}.`);
    console.error('Sans eux : npm run test:fast.');
    process.exit(1);
  }
}

const reportFolder = mkdtempSync(join(tmpdir(), 'passerelle-tests-'));
const reportFile = join(reportFolder, 'report.json');
const runner = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${reportFile}`,
    ...(fast ? ['--testPathIgnorePatterns', ...javaLayers] : []),
    ...(forRunner.length ? ['--', ...forRunner] : []),
  ],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(flags.has('--long') ? { PASSERELLE_LONG: '1' } : {}) },
  },
);

runner.on('exit', (code) => {
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  rmSync(reportFolder, { recursive: true });
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests ? `, ${report.numPendingTests} skipped` : '';
  console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
  process.exitCode = code === 0 && report.numPassedTests > 0 ? 0 : 1;
});

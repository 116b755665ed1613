/** Builds the Java projects under `test/hapi/` that hold the validators. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What is needed and not found on this machine; empty when all is there. */
export function missingTools(): string[] {
  const tools = [
    ['java', 'un JDK 17 (Debian : apt-get install openjdk-17-jdk-headless)'],
    ['mvn', 'Maven (Debian : apt-get install maven)'],
  ] as const;
  return tools
    .filter(([command]) => spawnSync(command, ['-version'], { stdio: 'ignore' }).status !== 0)
    .map(([, what]) => what);
}

/** Class path of a Maven project, built first when its sources are newer than its jar. */
export function classPath(project: string, jar: string): string {
  const target = join(project, 'target');
  const built = join(target, `${jar}.jar`);
  const age = existsSync(built) && existsSync(join(target, 'lib')) ? statSync(built).mtimeMs : 0;
  if (sources(project).some((file) => statSync(file).mtimeMs > age)) {
    const run = spawnSync('mvn', ['-B', '-ntp', '-q', 'package'], { cwd: project, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`Maven n'a pas construit ${project} :\n${run.stdout}${run.stderr}`);
  }
  return `${built}${delimiter}${join(target, 'lib', '*')}`;
}

function sources(project: string): string[] {
  const code = join(project, 'src');
  const files = existsSync(code)
    ? readdirSync(code, { recursive: true, encoding: 'utf8' }).map((name) => join(code, name))
    : [];
  return [join(project, 'pom.xml'), ...files].filter((file) => statSync(file).isFile());
}

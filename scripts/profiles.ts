/**
 * Builds `profiles/generated/*.json` from the FSH of `profiles/input/fsh` with SUSHI, offline, and from the code tables of
 * `mappings/codes` (words of network files, concept maps).
 *   node scripts/profiles.ts           writes them
 *   node scripts/profiles.ts --check   exits 1 when what is committed is not what the FSH says
 * Equal sources give equal bytes: nothing of the day, the machine or a package registry goes in.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilityStatements } from './guide/capabilities.ts';
import { conceptMaps } from './concept-maps.ts';
import { writeR4Package } from './r4-package.ts';

const root = join(import.meta.dirname, '..');
const profiles = join(root, 'profiles');
const generated = join(profiles, 'generated');

/** What this script looks at in a conformance resource. */
type Resource = {
  resourceType?: string;
  id?: string;
  type?: string;
  url?: string;
  version?: string;
  date?: string;
  content?: string;
  concept?: { code: string }[];
  compose?: { include: { system?: string; concept?: { code: string }[] }[] };
};

/** Any port that refuses at once: SUSHI must take no package from a registry, whatever the machine can reach. */
const noRegistry = 'http://127.0.0.1:9';

/** File name → every resource SUSHI makes of the FSH. */
function build(): Map<string, Resource> {
  const work = mkdtempSync(join(tmpdir(), 'passerelle-profiles-'));
  try {
    const home = join(work, 'home');
    writeR4Package(join(home, '.fhir', 'packages'));
    const project = join(work, 'project');
    mkdirSync(project);
    cpSync(join(profiles, 'sushi-config.yaml'), join(project, 'sushi-config.yaml'));
    cpSync(join(profiles, 'input'), join(project, 'input'), { recursive: true });
    runSushi(project, home);
    const resources = join(project, 'fsh-generated', 'resources');
    return new Map(
      readdirSync(resources)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => [name, JSON.parse(readFileSync(join(resources, name), 'utf8')) as Resource]),
    );
  } finally {
    rmSync(work, { recursive: true });
  }
}

function runSushi(project: string, home: string): void {
  const sushi = createRequire(import.meta.url).resolve('fsh-sushi/dist/app.js');
  const run = spawnSync(process.execPath, [sushi, 'build', '--snapshot', project], {
    encoding: 'utf8',
    env: { ...process.env, HOME: home, USERPROFILE: home, FPL_REGISTRY: noRegistry },
  });
  const complaints = `${run.stdout}${run.stderr}`
    .split('\n')
    .filter((line) => /^(error|warn)/.test(line) && !line.includes('automatically-provided'));
  const errors = complaints.filter((line) => line.startsWith('error'));
  for (const line of complaints) console.error(line);
  if (run.status !== 0 || errors.length) {
    if (!errors.length) console.error(run.stdout, run.stderr);
    throw new Error('SUSHI refuse les sources de profiles/input/fsh.');
  }
}

/**
 * Value sets that include the whole of a fragment name its codes one by one: closed is what they are meant to be, and no
 * validator can tell how far a fragment goes.
 */
function closeOverFragments(resources: Iterable<Resource>): void {
  const fragments = new Map<string | undefined, { code: string }[]>();
  for (const { url, content, concept } of resources) {
    if (content === 'fragment')
      fragments.set(
        url,
        (concept ?? []).map(({ code }) => ({ code })),
      );
  }
  for (const { compose } of resources) {
    for (const include of compose?.include ?? []) {
      const codes = include.concept ? undefined : fragments.get(include.system);
      if (codes) include.concept = codes;
    }
  }
}

/** Two-space JSON with a final newline, without the date SUSHI could add; a statement has one of its own. */
function stable({ date, ...resource }: Resource): string {
  const dated = resource.resourceType === 'CapabilityStatement' ? { ...resource, date } : resource;
  return `${JSON.stringify(dated, null, 2)}\n`;
}

function profilesOf(all: Iterable<Resource>): { id: string; type: string; url: string }[] {
  return [...all].flatMap(({ resourceType, id, type, url }) =>
    resourceType === 'StructureDefinition' && id && type && url && type !== 'Extension'
      ? [{ id, type, url }]
      : [],
  );
}

function committed(): Map<string, string> {
  if (!existsSync(generated)) return new Map();
  return new Map(
    readdirSync(generated)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(join(generated, name), 'utf8')]),
  );
}

const resources = build();
closeOverFragments([...resources.values()]);
for (const statement of capabilityStatements(profilesOf(resources.values())))
  resources.set(`CapabilityStatement-${statement.id}.json`, statement as Resource);
const version = [...resources.values()].map((one) => one.version).find((one) => one !== undefined) ?? '';
for (const [name, resource] of conceptMaps(root, version)) resources.set(name, resource);
const built = new Map([...resources].map(([name, resource]) => [name, stable(resource)]));
if (process.argv.includes('--check')) {
  const present = committed();
  const stale = [...new Set([...built.keys(), ...present.keys()])]
    .filter((name) => built.get(name) !== present.get(name))
    .sort();
  for (const name of stale) console.error(`profiles/generated/${name} n'est pas ce que dit le FSH`);
  if (stale.length) console.error('Relancer : npm run build:profiles');
  process.exitCode = stale.length ? 1 : 0;
} else {
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated);
  for (const [name, text] of built) writeFileSync(join(generated, name), text);
  console.log(`${built.size} ressources dans profiles/generated`);
}

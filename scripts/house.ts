/** Rules of the house that no linter knows: file sizes, where the environment is read, what may not stand as a literal. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const longest = 300;
const medianAim = 90;

type SourceFile = { path: string; text: string; lines: number };

function filesUnder(folder: string, ending: RegExp): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    .map((file) => ({ ...file, lines: file.text.split('\n').length - 1 }));
}

const sources = filesUnder('src', /\.ts$/);
const kinds = readdirSync('mappings', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['codes', 'directory', 'exchange'].includes(entry.name))
  .map((entry) => entry.name);
const networkIds = readdirSync('examples/networks')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => /^id:\s*(\S+)/m.exec(readFileSync(join('examples/networks', name), 'utf8'))?.[1])
  .filter((id) => id !== undefined);

/** A quoted LOINC, TRE or SNOMED code, a code system of a terminology, or a network's kind or id. */
const forbidden: [RegExp, string][] = [
  [/['"`]\d{4,5}-\d['"`]/, 'LOINC code'],
  [/loinc\.org|snomed\.info|mos\.esante\.gouv\.fr|smt\.esante\.gouv\.fr/, 'terminology'],
  [/['"`](SM\d{2}|SA\d{2}|SI\d{2}|GENR\d{2}|[RG]\d{2,3}#\w+)['"`]/, 'TRE code'],
  ...[...kinds, ...networkIds].map((word): [RegExp, string] => [
    new RegExp(`['"\`]${word}['"\`]`),
    `network kind or id "${word}"`,
  ]),
];

const faults: string[] = [];
for (const file of sources) {
  if (file.lines > longest) faults.push(`${file.path}: ${file.lines} lines (at most ${longest})`);
  if (file.path !== join('src', 'config.ts') && file.text.includes('process.env')) {
    faults.push(`${file.path}: reads process.env (only src/config.ts may)`);
  }
  file.text.split('\n').forEach((line, index) => {
    for (const [pattern, what] of forbidden) {
      if (pattern.test(line))
        faults.push(`${file.path}:${index + 1}: ${what} as a literal (belongs in mappings/ or profiles/)`);
    }
  });
}

const sorted = sources.map((file) => file.lines).sort((a, b) => a - b);
const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
if (median > medianAim) faults.push(`median file has ${median} lines (aim ${medianAim})`);

const tests = filesUnder('test', /\.test\.ts$/);
for (const file of tests) {
  if (/\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(/.test(file.text)) {
    faults.push(`${file.path}: a test is skipped or singled out`);
  }
}

for (const fault of faults) console.error(fault);
console.log(
  `${sources.length} source files, median ${median} lines, longest ${sorted.at(-1) ?? 0}; ${faults.length} faults`,
);
process.exitCode = faults.length ? 1 : 0;

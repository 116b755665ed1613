/**
 * Memory of mapping a network by the length of its list, one JSON object a line:
 *   node bench/lists.ts [--quick]     1,000, 10,000 and 100,000 rows (without the last)
 * Each length runs in a process of its own. `liveMiB` is the most that stays after a collection while resources go out;
 * `peakMiB` the most the system lent the process, which is what the collector had not given back yet.
 * `way`: `paged` is what `passerelle map NETWORK -o FILE.ndjson` does, `whole` reads the list at once (20,000 rows at most).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createKnowledge, shippedFolders } from '../src/gateway/knowledge.ts';
import { mapPaged } from '../src/gateway/map-paged.ts';
import { readNetworkFiles } from '../src/gateway/networks.ts';
import { syntheticIdentifiers } from '../test/synthetic.ts';

const day = '2026-11-22';

function writeNetwork(folder: string, rows: number): string {
  const ids = syntheticIdentifiers({ seed: rows, volume: true });
  const row = (n: number): string =>
    `p-${n};Établissement inventé ${n};${ids.finess()};partenaire;niveau-${1 + (n % 3)};centre-hospitalier;public;Ville fictive;99001;2024-01-15`;
  const lines = Array.from({ length: rows }, (_, n) => row(n));
  writeFileSync(
    join(folder, 'list.csv'),
    `id;nom;finess;role;niveau;categorie;statut;ville;code_postal;debut\n${lines.join('\n')}\n`,
  );
  const file = join(folder, 'network.yaml');
  writeFileSync(
    file,
    'kind: cso\nid: cso-long\nname: CSO fictif\nterritoire: { nom: Fictif, region: bretagne, departements: [{ code: "99", nom: Fictif }] }\n' +
      `etablissements:\n  - { id: porteur, nom: Porteur, finess: '${ids.finess()}', role: porteur }\n  - fichier: list.csv\n`,
  );
  return file;
}

async function measure(file: string, way: string): Promise<void> {
  const root = pathToFileURL(join(import.meta.dirname, '../src/main.ts')).href;
  const knowledge = createKnowledge(shippedFolders(root));
  let [resources, live] = [0, 0];
  const look = (): void => {
    (globalThis as unknown as { gc(): void }).gc();
    live = Math.max(live, process.memoryUsage().heapUsed);
  };
  const start = performance.now();
  if (way === 'paged') {
    const result = await mapPaged(file, knowledge, day, async () => {
      resources += 1;
      if (resources % 10_000 === 0 || resources === 2_000) look();
    });
    if (!result || result.issues.some(({ severity }) => severity === 'error')) throw new Error('not mapped');
  } else {
    const [read] = await readNetworkFiles([file], knowledge, { at: day });
    resources = read?.resources.length ?? 0;
    look();
  }
  const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ way, resources, liveMiB: Math.round(live / 2 ** 20), peakMiB, seconds }));
}

const [first, second] = process.argv.slice(2);
if (first === 'child') await measure(second!, process.argv[4]!);
else {
  const lengths = first === '--quick' ? [1_000, 10_000] : [1_000, 10_000, 100_000];
  for (const rows of lengths) {
    const folder = mkdtempSync(join(tmpdir(), 'passerelle-lists-'));
    const file = writeNetwork(folder, rows);
    for (const way of rows > 20_000 ? ['paged'] : ['whole', 'paged']) {
      const args = ['--expose-gc', import.meta.filename, 'child', file, way];
      const line = execFileSync(process.execPath, args, { encoding: 'utf8' });
      console.log(JSON.stringify({ rows, ...(JSON.parse(line) as object) }));
    }
    rmSync(folder, { recursive: true });
  }
}

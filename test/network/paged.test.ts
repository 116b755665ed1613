import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatIssue, type Issue } from '../../src/fhir/issue.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { mapPaged } from '../../src/gateway/map-paged.ts';
import { bundleOfNetworks, readNetworkFiles } from '../../src/gateway/networks.ts';
import { pageLength } from '../../src/network/paged.ts';
import { writeXlsx } from '../../src/tabular/write-xlsx.ts';
import { syntheticIdentifiers } from '../synthetic.ts';
import { today } from './project.ts';

const knowledge = createKnowledge(shippedFolders(pathToFileURL(resolve('src/main.ts')).href));

describe('a network that is mapped page by page', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-paged-'));
    file = join(folder, 'r.yaml');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const head = `kind: cso
id: cso-fictif
name: CSO fictif
territoire: { nom: Fictif, region: bretagne, departements: [{ code: '99', nom: Fictif }] }
etablissements:
  - { id: porteur, nom: Porteur fictif, finess: '990780017', role: porteur }
  - fichier: p.csv
`;
  const columns = 'id;nom;finess;finess_juridique;role;niveau;rattache_a;debut;fin';
  const write = async (rows: readonly string[], more = ''): Promise<void> => {
    await writeFile(file, head + more);
    await writeFile(join(folder, 'p.csv'), `${[columns, ...rows].join('\n')}\n`);
  };
  /** The same rows in a workbook, and the network file naming it. */
  const asWorkbook = async (rows: readonly string[]): Promise<void> => {
    const cells = rows.map((row) => row.split(';'));
    await writeFile(join(folder, 'p.xlsx'), writeXlsx('P', columns.split(';'), cells));
    await writeFile(file, head.replace('p.csv', 'p.xlsx'));
  };
  const told = (issues: readonly Issue[]): string[] =>
    issues.map((one) => formatIssue(one).replaceAll(`${folder}/`, '')).sort();
  const paged = async (): Promise<{ lines: string[]; issues: string[] } | undefined> => {
    const lines: string[] = [];
    const result = await mapPaged(file, knowledge, today, async (resource) => {
      lines.push(JSON.stringify(resource));
    });
    return result && { lines: lines.sort(), issues: told(result.issues) };
  };
  const whole = async (): Promise<{ lines: string[]; issues: string[] }> => {
    const read = await readNetworkFiles([file], knowledge, { at: today });
    const { entry } = bundleOfNetworks(read) as unknown as { entry: { resource: object }[] };
    return {
      lines: entry.map(({ resource }) => JSON.stringify(resource)).sort(),
      issues: told(read.flatMap(({ issues }) => issues)),
    };
  };

  const ids = syntheticIdentifiers({ seed: 5, volume: true });
  const rowsOf = (count: number, change: (n: number) => string = () => ''): string[] =>
    Array.from(
      { length: count },
      (_, n) => `p-${n};Partenaire ${n};${ids.finess()};;partenaire;niveau-1;${change(n)};2024-01-15;`,
    );

  it('gives the same resources and issues as when it is mapped at once, over several pages', async () => {
    // Rows name rows of other pages, before and after them; an offer names one of the last page.
    const count = 2 * pageLength + 17;
    await write(
      rowsOf(count, (n) => (n % 100 === 1 ? `p-${count - 1 - n}` : '')),
      `offres: [{ id: o, nom: Offre, activite: medecine-obesite, niveau: niveau-1, etablissement: p-${count - 1} }]\n`,
    );
    const [here, there] = [await paged(), await whole()];
    expect(there.issues.filter((issue) => issue.includes(' error '))).toEqual([]);
    expect(there.lines.length).toBeGreaterThan(2 * count);
    expect(here).toEqual(there);
  });

  it('writes what several pages give once: a legal entity of many sites', async () => {
    const legal = ids.finess();
    const rows = rowsOf(pageLength + 5).map((row, n) =>
      n % 250 === 0 ? row.replace(';;partenaire', `;${legal};partenaire`) : row,
    );
    await write(rows);
    const [here, there] = [await paged(), await whole()];
    expect(here?.lines).toEqual(there.lines);
    expect(here?.lines.filter((line) => line.includes(`"value":"${legal}"`))).toHaveLength(1);
  });

  it('is told the same faults, with the same places, from any page', async () => {
    const rows = rowsOf(pageLength + 20);
    rows[3] = rows[pageLength + 9]!.replace(/^p-\d+/, 'p-3'); // one FINESS twice, pages apart
    rows[pageLength + 2] = rows[pageLength + 2]!.replace('partenaire', 'partenair');
    rows[pageLength + 4] = rows[pageLength + 4]!.replace(/^p-\d+/, 'p-7');
    rows[pageLength + 6] = rows[pageLength + 6]!.replace('niveau-1;;', 'niveau-1;p-nulle-part;');
    rows[pageLength + 8] = rows[pageLength + 8]!.replace('2024-01-15;', '2024-01-15;2023-01-01');
    await write(rows);
    const [here, there] = [await paged(), await whole()];
    expect(there.issues.filter((issue) => issue.includes(' error ')).length).toBeGreaterThan(4);
    expect(here?.issues.filter((issue) => issue.includes(' error '))).toEqual(
      there.issues.filter((issue) => issue.includes(' error ')),
    );
    expect(here?.lines).toEqual([]);
  });

  it('gives the same from a workbook, whose faults have their cells', async () => {
    const rows = rowsOf(pageLength + 20);
    await write(rows);
    const fromCsv = await paged();
    await asWorkbook(rows);
    const [here, there] = [await paged(), await whole()];
    expect(there.issues.filter((issue) => issue.includes(' error '))).toEqual([]);
    expect(here).toEqual(there);
    expect(here?.lines).toEqual(fromCsv?.lines);
    rows[pageLength + 2] = rows[pageLength + 2]!.replace('partenaire', 'partenair');
    await asWorkbook(rows);
    const [faults, expected] = [(await paged())?.issues, (await whole()).issues];
    expect(faults).toEqual(expected);
    expect(faults?.[0]).toContain(`p.xlsx:P:E${pageLength + 4} error`);
  });

  it('may have several files in a list, and several lists', async () => {
    await write(rowsOf(pageLength + 20));
    const more = rowsOf(pageLength + 3).map((row) => row.replace('p-', 'q-').replace('Partenaire', 'Autre'));
    await asWorkbook(more);
    const people = Array.from(
      { length: 2 * pageLength + 1 },
      (_, n) => `m-${n};NOM${n};Prénom;medecin;${n % 2 ? 'p' : 'q'}-${n % pageLength}`,
    );
    const header = 'id;nom;prenom;profession;etablissement';
    const writePeople = (rows: readonly string[]): Promise<void> =>
      writeFile(join(folder, 'm.csv'), `${[header, ...rows].join('\n')}\n`);
    await writePeople(people);
    await writeFile(file, `${head}  - fichier: p.xlsx\nprofessionnels:\n  - fichier: m.csv\n`);
    const [here, there] = [await paged(), await whole()];
    expect(there.issues.filter((issue) => issue.includes(' error '))).toEqual([]);
    expect(here).toEqual(there);
    await writePeople([...people, 'm-x;NOM;Prénom;medecin;p-x']);
    const faults = (await paged())?.issues.filter((issue) => issue.includes(' error '));
    expect(faults).toEqual([expect.stringContaining(`m.csv:${2 * pageLength + 3}:5 error`)]);
    expect(faults).toEqual((await whole()).issues.filter((issue) => issue.includes(' error ')));
  });

  it('is one whose lists can be opened: others are mapped at once, to have their faults told', async () => {
    await write(rowsOf(3));
    expect(await paged()).toBeDefined();
    await writeFile(file, head.replace('p.csv', 'absent.csv'));
    expect(await paged()).toBeUndefined();
    await writeFile(file, head.replace('p.csv', '.'));
    expect(await paged()).toBeUndefined();
    expect(
      await mapPaged('examples/networks/cpts-bandol.yaml', knowledge, today, async () => undefined),
    ).toBeUndefined();
  });
});

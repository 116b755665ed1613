/** A network to FHIR and back, as a person does it at the command line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { passerelle, type Ran, root, workFolder } from './passerelle.ts';

const example = join(root, 'examples/networks/cso-idf-ouest.yaml');
let place: Awaited<ReturnType<typeof workFolder>>;
const run = (...args: string[]): Promise<Ran> => passerelle(args, { cwd: place.folder });

beforeAll(async () => {
  place = await workFolder();
  await run('map', example, '-o', 'all.json');
});
afterAll(() => place.remove());

it('map --reverse writes a network file that check accepts and that maps to the same resources', async () => {
  const { code, stdout, stderr } = await run('map', '--reverse', 'all.json', '-o', 'back.yaml');
  expect([code, stdout, stderr]).toEqual([0, 'cso-idf-ouest (cso) dans back.yaml.\n', '']);
  expect((await run('check', 'back.yaml')).code).toBe(0);
  await run('map', 'back.yaml', '-o', 'again.json');
  const [first, again] = await Promise.all(
    ['all.json', 'again.json'].map((name) => readFile(join(place.folder, name), 'utf8')),
  );
  expect(JSON.parse(again!)).toEqual(JSON.parse(first!));
});

it('map --reverse tells what no file would publish, and exits 1', async () => {
  const bundle = JSON.parse(await readFile(join(place.folder, 'all.json'), 'utf8')) as { entry: object[] };
  const patient = { resource: { resourceType: 'Patient', id: '1' } };
  await writeFile(
    join(place.folder, 'more.json'),
    JSON.stringify({ ...bundle, entry: [...bundle.entry, patient] }),
  );
  const { code, stderr } = await run('map', '--reverse', 'more.json', '-o', 'more.yaml');
  expect(code).toBe(1);
  expect(stderr).toContain("(Patient) n'est d'aucun réseau décrit");
});

it('map --reverse of resources without a network says so', async () => {
  await writeFile(join(place.folder, 'none.json'), '{"resourceType":"Patient"}');
  const { code, stderr } = await run('map', '--reverse', 'none.json');
  expect([code, stderr]).toEqual([1, 'Aucun réseau à relire ; trouvés : aucun.\n']);
});

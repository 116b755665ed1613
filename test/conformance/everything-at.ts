/** What is at a hospital, and files of it for validators that are not ours. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Caller } from '../../src/demo/http.ts';
import type { AnyResource } from '../../src/fhir/types.ts';

/** Every resource of every type that a hospital has, and the documents inside its Binaries. */
export async function everythingAt(hospital: Caller): Promise<AnyResource[]> {
  const { resource: capability } = await hospital.get('metadata');
  const [rest] = capability['rest'] as [{ resource: { type: string }[] }];
  const lists = await Promise.all(rest.resource.map(({ type }) => hospital.all(type)));
  const found = lists.flat();
  const documents = found
    .filter((one) => one.resourceType === 'Binary' && one['contentType'] === 'application/fhir+json')
    .map((one) => JSON.parse(Buffer.from(String(one['data']), 'base64').toString('utf8')) as AnyResource);
  return [...found, ...documents.map((one, index) => ({ ...one, id: one.id ?? `document-${index}` }))];
}

/** One file a resource, by the name it is judged under. */
export async function asFiles(judged: ReadonlyMap<string, AnyResource>, folder: string): Promise<string[]> {
  const at = join(folder, 'judged');
  await mkdir(at);
  const files = [...judged].map(([name, resource]) => ({ file: join(at, `${name}.json`), resource }));
  await Promise.all(files.map(({ file, resource }) => writeFile(file, JSON.stringify(resource))));
  return files.map(({ file }) => file);
}

import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { lists } from '../../src/api/admin/lists.ts';
import { operationSchemas } from '../../src/api/admin/operation-schemas.ts';

type Schema = { properties?: Record<string, unknown> };
type OpenApi = {
  paths: Record<
    string,
    { get?: object; post?: { requestBody: { content: Record<string, { schema: Schema }> } } }
  >;
  components: { schemas: Record<string, Schema> };
};

const file = new URL('../../schemas/admin-openapi.yaml', import.meta.url);
const described = parse(await readFile(file, 'utf8')) as OpenApi;

describe('the OpenAPI description of /admin/v1', () => {
  it('has every operation with exactly the arguments that are accepted', () => {
    const operations = Object.entries(described.paths).flatMap(([path, { post }]) =>
      post ? [[path.replace('/operations/', ''), post.requestBody.content['application/json']?.schema]] : [],
    );
    expect(Object.fromEntries(operations)).toEqual(operationSchemas);
  });

  it('has every list and every detail, and nothing else', () => {
    const read = Object.keys(described.paths).filter((path) => described.paths[path]?.get);
    const served = [...Object.keys(lists).map((name) => `/${name}`), '/referrals/{id}', '/runs/{id}/changes'];
    expect(read.sort()).toEqual(served.sort());
  });

  it('refers only to what it defines', () => {
    const text = JSON.stringify(described);
    const referred = [...text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
    expect(referred.length).toBeGreaterThan(10);
    const { components } = described as unknown as { components: Record<string, Record<string, unknown>> };
    for (const [, group, name] of referred) expect(components[group!]).toHaveProperty(name!);
  });
});

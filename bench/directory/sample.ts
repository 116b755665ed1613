/** Held records taken by chance, as resources: what readers would be served. */
import pg from 'pg';
import type { HeldRow } from '../../src/directory/held-row.ts';
import { resourceOf } from '../../src/directory/resource.ts';
import type { AnyResource } from '../../src/fhir/types.ts';

export async function sampleOf(url: string, count: number): Promise<AnyResource[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<HeldRow>(
      `select source, kind, key, state, form, content, practitioner, organization, part_of
       from directory_record where state = 'active' order by md5(key || 'seed') limit $1`,
      [count],
    );
    return rows.map((row) => resourceOf(row));
  } finally {
    await client.end();
  }
}

/** Milliseconds that rows inserted one by one, each committed, would take for `all`, from a sample of `count`. */
export async function rowByRow(url: string, count: number, all: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table naive (like directory_record including all)');
    const { rows } = await client.query<{ key: string }>(
      `select key from directory_record where kind = 'PractitionerRole' limit $1`,
      [count],
    );
    const start = performance.now();
    for (const { key } of rows) {
      await client.query(
        `insert into naive select * from directory_record where kind = 'PractitionerRole' and key = $1`,
        [key],
      );
    }
    return ((performance.now() - start) / rows.length) * all;
  } finally {
    await client.query('drop table if exists naive').catch(() => undefined);
    await client.end();
  }
}

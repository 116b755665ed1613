import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readNetwork } from '../../src/network/read.ts';
import { exampleFiles, kindsOfTheProject, type Kinds } from '../network/project.ts';
import { collisions, pictureOf } from './pictures.ts';

/** `PASSERELLE_GOLDEN=write` draws them again; look at every picture before committing it. */
const rewrite = process.env['PASSERELLE_GOLDEN'] === 'write';
const folder = join('docs', 'pictures');

let kinds: Kinds;
const pictures = new Map<string, string>();

beforeAll(async () => {
  kinds = await kindsOfTheProject();
  for (const file of exampleFiles) {
    const { network } = await readNetwork(file);
    pictures.set(`${network!.id}.svg`, pictureOf(network!, kinds));
  }
  if (rewrite) for (const [name, svg] of pictures) writeFileSync(join(folder, name), svg);
});

describe('the pictures of the example networks', () => {
  it('are the ones in docs/pictures, byte for byte', () => {
    expect(
      readdirSync(folder)
        .filter((name) => name.endsWith('.svg'))
        .sort(),
    ).toEqual([...pictures.keys()].sort());
    for (const [name, svg] of pictures)
      expect({ name, same: svg === readFileSync(join(folder, name), 'utf8') }).toEqual({ name, same: true });
  });

  it('come out the same when drawn again', async () => {
    for (const file of exampleFiles) {
      const { network } = await readNetwork(file);
      expect(pictureOf(network!, kinds)).toBe(pictures.get(`${network!.id}.svg`));
    }
  });

  it('have no two texts on the same place, and none outside the sheet', () => {
    for (const [name, svg] of pictures)
      expect({ name, faults: collisions(svg) }).toEqual({ name, faults: [] });
  });

  it('fit an A4 sheet', () => {
    for (const svg of pictures.values()) expect(svg).toContain('width="297mm" height="210mm"');
  });
});

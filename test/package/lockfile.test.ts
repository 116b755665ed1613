/** `npm ci` refuses a lockfile that leaves out packages of other platforms: a registry mirror without them makes such ones. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

type Locked = {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Where Node would look for a package from the place of another, innermost first. */
function places(from: string, name: string): string[] {
  const parts = from.split('/node_modules/');
  const nested = parts.map((_, index) => parts.slice(0, parts.length - index).join('/node_modules/'));
  return [...nested.filter(Boolean), ''].map((at) => `${at}${at && '/'}node_modules/${name}`);
}

describe('the lockfile', () => {
  it('holds every package that another one names, for all platforms', () => {
    const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !places(from, name).some((place) => place in packages))
        .map((name) => `${from || 'the project'} → ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('is of the same versions as the manifest', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
    for (const field of ['dependencies', 'optionalDependencies', 'devDependencies']) {
      expect((packages[''] as Record<string, unknown>)[field]).toEqual(manifest[field]);
    }
  });

  it('names no registry host', () => {
    expect(Object.values(packages).filter((locked) => 'resolved' in locked)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { knownProtocols } from '../../src/referral/known-protocols.ts';
import type { Repositories } from '../../src/store/store.ts';

describe('protocols as of a revision', () => {
  const counting = () => {
    const asked: string[] = [];
    const answer = (name: string, fails = false) => {
      return (...parts: string[]): Promise<string> => {
        asked.push([name, ...parts].join(' '));
        return fails ? Promise.reject(new Error('gone')) : Promise.resolve(`${name} of ${parts.join(' ')}`);
      };
    };
    const protocols = {
      byCanonical: answer('protocol'),
      offer: answer('offer'),
      active: answer('active', true),
    };
    return { asked, at: knownProtocols(protocols as unknown as Repositories['protocols']) };
  };

  it('are read once for a question, whoever asks', async () => {
    const { asked, at } = counting();
    for (const key of ['x', 'y', 'x']) await at('t', 1).offer('t', 'n', key);
    await Promise.all([at('t', 1).byCanonical('t', 'c'), at('t', 1).byCanonical('t', 'c')]);
    expect(asked).toEqual(['offer t n x', 'offer t n y', 'protocol t c']);
  });

  it('are read anew at another revision, and never for another tenant', async () => {
    const { asked, at } = counting();
    await at('t', 1).offer('t', 'n', 'x');
    await at('u', 1).offer('u', 'n', 'x');
    await at('t', 2).offer('t', 'n', 'x');
    await at('u', 1).offer('u', 'n', 'x');
    expect(asked).toEqual(['offer t n x', 'offer u n x', 'offer t n x']);
  });

  it('are asked again after a failure', async () => {
    const { asked, at } = counting();
    for (let n = 0; n < 2; n += 1) await expect(at('t', 1).active('t', 'n')).rejects.toThrow('gone');
    expect(asked).toHaveLength(2);
  });

  it('are kept for so many questions, as names can be invented', async () => {
    const { asked, at } = counting();
    for (let n = 0; n < 2_000; n += 1) await at('t', 1).byCanonical('t', `c${n}`);
    await at('t', 1).byCanonical('t', 'c0');
    await at('t', 1).byCanonical('t', 'c1999');
    expect(asked).toHaveLength(2_001);
  });
});

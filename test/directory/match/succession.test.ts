import { describe, expect, it } from '@jest/globals';
import { findingsOf } from '../../../src/directory/findings/findings-of.ts';
import { matchItem } from '../../../src/directory/match/match-item.ts';
import { finess, record, rules, structure } from './rules.ts';

const [old, next] = [finess('990780017'), finess('990780025')] as [string, string];
const ended = record(old, { state: 'closed' });
const successor = record(next, { keys: [next, old] });

describe('a structure that goes on under another number (P-2)', () => {
  it('is told closed with the number that succeeds it, while the network names the old one', () => {
    const candidates = [ended, successor];
    const match = matchItem(structure({ identifiers: [old] }), candidates, [], rules);
    expect(match.candidate).toBe(ended);
    expect(findingsOf([match], new Set(['Organization']), rules, new Map(), candidates)).toMatchObject([
      { kind: 'closed', wrong: old, proposed: next },
    ]);
  });

  it('is told closed alone where nothing that is in use succeeds it', () => {
    const candidates = [ended, { ...successor, state: 'closed' }];
    const match = matchItem(structure({ identifiers: [old] }), [ended], [], rules);
    const [finding] = findingsOf([match], new Set(['Organization']), rules, new Map(), candidates);
    expect(finding).toMatchObject({ kind: 'closed' });
    expect(finding).not.toHaveProperty('proposed');
  });

  it('is what a person accepted, under its new number, and that person is told', () => {
    const item = structure();
    const decided = [{ item: item.key, key: old, decision: 'accepted' as const }];
    const match = matchItem(item, [ended, successor], decided, rules);
    expect(match).toMatchObject({ status: 'accepted', candidate: { key: next }, succeeded: old });
    expect(findingsOf([match], new Set(['Organization']), rules)).toMatchObject([
      { kind: 'closed', wrong: old, proposed: next },
    ]);
    const again = [{ item: item.key, key: next, decision: 'accepted' as const }];
    expect(findingsOf([matchItem(item, [ended, successor], again, rules)], new Set(), rules)).toEqual([]);
  });
});

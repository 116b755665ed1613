import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchItem } from '../../../src/directory/match/match-item.ts';
import { proposalOf } from '../../../src/directory/match/score.ts';
import type { Candidate, Decided, MatchItem } from '../../../src/directory/match/types.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import { finess, record, rules, structure } from './rules.ts';

const [a, b] = [finess('990780017'), finess('990780025')] as [string, string];

describe('matching one item', () => {
  it('takes a record of the same identifier without asking anybody, whatever its name (P-44)', () => {
    const match = matchItem(
      structure({ identifiers: [a] }),
      [record(a, { name: 'Autre' }), record(b)],
      [],
      rules,
    );
    expect(match).toMatchObject({ status: 'matched', by: a, candidate: { key: a } });
  });

  it('knows the FINESS behind an idNatSt and the other way round', () => {
    const idNatSt = `${systems.idNatSt}|1990780017`;
    expect(matchItem(structure({ identifiers: [a] }), [record(idNatSt)], [], rules).candidate?.key).toBe(
      idNatSt,
    );
    expect(matchItem(structure({ identifiers: [idNatSt] }), [record(a)], [], rules).candidate?.key).toBe(a);
  });

  it('only proposes by name, with a score below a hundred and reasons, and only inside one commune (P-44)', () => {
    const match = matchItem(structure(), [record(a), record(b, { communes: ['83137'] })], [], rules);
    expect(match).toMatchObject({ status: 'proposed', proposals: [{ candidate: { key: a }, score: 80 }] });
    expect(match.proposals[0]!.reasons).toEqual(['même nom (+70)', 'même commune 83009 (+10)']);
    expect(match.candidate).toBeUndefined();
    expect(matchItem(structure({ communes: [] }), [record(a)], [], rules).status).toBe('unknown');
  });

  it('lists all candidates when several fit alike', () => {
    const match = matchItem(structure(), [record(b), record(a)], [], rules);
    expect([match.status, match.proposals.map(({ candidate }) => candidate.key)]).toEqual([
      'ambiguous',
      [a, b],
    ]);
  });

  it('does not choose between two records that carry one identifier (P-3)', () => {
    const siret = `${systems.siren}|99999001300012`;
    const both = [record(a, { identifiers: [a, siret] }), record(b, { identifiers: [b, siret] })];
    const match = matchItem(structure({ identifiers: [siret] }), both, [], rules);
    expect([match.status, match.by, match.proposals.length]).toEqual(['ambiguous', siret, 2]);
    const handover = [both[0]!, { ...both[1]!, state: 'closed' }];
    expect(matchItem(structure({ identifiers: [siret] }), handover, [], rules).candidate?.key).toBe(a);
  });

  it('keeps what a person accepted, also against an identifier, and tells the contradiction (P-42)', () => {
    const decided: Decided[] = [{ item: 'n|member', key: b, decision: 'accepted' }];
    const match = matchItem(structure({ identifiers: [a] }), [record(a), record(b)], decided, rules);
    expect(match).toMatchObject({ status: 'accepted', candidate: { key: b }, contradicted: { key: a } });
  });

  it('follows a record that was created again, for what was accepted and for what was refused (P-2)', () => {
    const again = record(b, { keys: [b, a] });
    const old = record(a, { state: 'closed' });
    const decide = (decision: Decided['decision']) =>
      matchItem(structure(), [old, again], [{ item: 'n|member', key: a, decision }], rules);
    expect(decide('accepted')).toMatchObject({ status: 'accepted', candidate: { key: b } });
    expect(decide('refused')).toMatchObject({ status: 'unknown', proposals: [] });
  });

  it('compares people by family and given name, profession and place of work', () => {
    const person: Partial<MatchItem> = {
      ...{ kind: 'Practitioner', name: 'Paule FICTIVE-PAPA', family: 'FICTIVE-PAPA', given: 'Paule' },
      ...{ codes: ['s|10'], workplaces: [a] },
    };
    const found = record('p', {
      ...{ kind: 'Practitioner', name: 'Dr Fictive Papa Paule', codes: ['s|10'] },
      workplaces: [`${systems.idNatSt}|1990780017`],
    });
    expect(proposalOf(structure(person), found, rules)?.score).toBe(95);
    expect(proposalOf(structure({ ...person, given: 'Rémi' }), found, rules)?.score).toBe(70);
  });
});

describe('properties of matching', () => {
  const names = [
    'CH de la Dune',
    'Clinique de la Dune',
    'Centre hospitalier du Cap',
    'Dune',
    'Pharmacie du Cap',
  ];
  const keys = ['990780017', '990780025', '990780033', '990000010'].map(finess);
  const commune = fc.constantFrom('83009', '83137');
  const candidate = fc.record({
    name: fc.constantFrom(...names),
    communes: fc.tuple(commune),
    codes: fc.subarray(['s|355', 's|365']),
    state: fc.constantFrom('active', 'closed'),
    identifiers: fc.subarray(keys),
  });
  const candidates = fc
    .array(candidate, { maxLength: 4 })
    .map((all) =>
      all.map((more, index) =>
        record(keys[index]!, { ...more, identifiers: [keys[index]!, ...more.identifiers] }),
      ),
    );
  const item = fc
    .record({
      name: fc.constantFrom(...names),
      communes: fc.tuple(commune),
      identifiers: fc.subarray(keys),
      codes: fc.subarray(['s|355', 's|365']),
    })
    .map((more) => structure(more));
  const decisions = fc.uniqueArray(
    fc.record({
      item: fc.constant('n|member'),
      key: fc.constantFrom(...keys),
      decision: fc.constantFrom('accepted' as const, 'refused' as const),
    }),
    { selector: ({ key }) => key, maxLength: 3 },
  );

  it('the order of records and decisions changes nothing', () => {
    fc.assert(
      fc.property(item, candidates, decisions, fc.integer(), (one, all, decided, turn) => {
        const turned = <T>(list: T[]): T[] =>
          list.map((_, index) => list[(index + Math.abs(turn)) % list.length]!);
        expect(matchItem(one, turned(all), turned(decided), rules)).toEqual(
          matchItem(one, all, decided, rules),
        );
      }),
    );
  });

  it('a refused pair is never matched nor proposed (P-42, P-43)', () => {
    fc.assert(
      fc.property(item, candidates, fc.constantFrom(...keys), (one, all, key) => {
        const match = matchItem(one, all, [{ item: one.key, key, decision: 'refused' }], rules);
        const shown = [match.candidate, ...match.proposals.map((proposal) => proposal.candidate)];
        expect(shown.map((record) => record?.key)).not.toContain(key);
      }),
    );
  });

  it('identifiers win over names (P-44)', () => {
    fc.assert(
      fc.property(item, candidates, (one, all) => {
        const match = matchItem(one, all, [], rules);
        const identified = all.some(({ identifiers }) =>
          identifiers.some((key) => one.identifiers.includes(key)),
        );
        const by = [match.candidate, ...match.proposals.map((proposal) => proposal.candidate)].filter(
          (record) => record !== undefined,
        );
        if (identified)
          for (const record of by)
            expect(record.identifiers.some((key) => one.identifiers.includes(key))).toBe(true);
        else expect(match.candidate).toBeUndefined();
      }),
    );
  });

  it('what agrees more scores no less, and a name alone never scores a hundred', () => {
    const score = (one: MatchItem, other: Candidate): number =>
      proposalOf(one, other, { ...rules, least: 0 })?.score ?? 0;
    fc.assert(
      fc.property(item, candidates, (one, all) => {
        for (const other of all) {
          const before = score(one, other);
          expect(before).toBeLessThan(100);
          const same = { ...other, codes: [...other.codes, ...one.codes] };
          const word = { ...other, name: `${other.name} commune` };
          expect(score(one, same)).toBeGreaterThanOrEqual(before);
          expect(score({ ...one, name: `${one.name} commune` }, word)).toBeGreaterThanOrEqual(before);
          expect(score(one, { ...other, state: 'active' })).toBeGreaterThanOrEqual(before);
          expect(score(one, { ...other, name: one.name })).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });
});

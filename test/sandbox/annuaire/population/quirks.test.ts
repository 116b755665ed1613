import { expect, test } from '@jest/globals';
import { createPopulation } from '../../../../src/sandbox/annuaire/population/population.ts';
import type { LifeRates, Population, Quirks } from '../../../../src/sandbox/annuaire/population/types.ts';

/** Nothing happens and nothing is wrong but what a test asks for. */
function quiet(quirks: Partial<Quirks>, rates: Partial<LifeRates> = {}): Population {
  return createPopulation({
    seed: 21,
    roles: 1000,
    start: '2026-01-05',
    quirks: {
      wrongDigit: 0,
      sameSiret: 0,
      sameFiness: 0,
      hidden: 0,
      vanish: 0,
      staleRole: 0,
      lingering: 0,
      otherMailbox: 0,
      recreate: 0,
      reload: 0,
      platform: 0,
      ...quirks,
    },
    rates: {
      newPerson: 0,
      retirement: 0,
      move: 0,
      secondRole: 0,
      roleChange: 0,
      nameChange: 0,
      mailboxChange: 0,
      opening: 0,
      closing: 0,
      renaming: 0,
      relocation: 0,
      merger: 0,
      ...rates,
    },
  });
}

function sharedSirets(population: Population): number {
  const counts = new Map<string, number>();
  for (let index = 0; index < population.count('Organization'); index += 1) {
    const { siret } = population.structure(index)!;
    if (siret) counts.set(siret, (counts.get(siret) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 1).length;
}

test('some structures carry the SIRET of another one, and it finds both (P-3)', () => {
  expect(sharedSirets(quiet({}))).toBe(0);
  const population = quiet({ sameSiret: 0.1 });
  expect(sharedSirets(population)).toBeGreaterThan(15);
  const several = [...Array(population.count('Organization')).keys()].find((index) => {
    const { siret } = population.structure(index)!;
    return siret && population.find('Organization', `https://sirene.fr|${siret}`).length === 2;
  });
  expect(several).toBeDefined();
});

/** Roles that are open although their person is closed. */
function stale(population: Population): number {
  return population
    .entries('PractitionerRole', { active: true }, -1, Infinity)
    .filter(({ index }) => !population.isActive('Practitioner', population.role(index)!.person)).length;
}

test('people retire; their roles go with them, or stay active without a date (annuaire…#400)', () => {
  const tidy = quiet({}, { retirement: 0.02 });
  const untidy = quiet({ staleRole: 0.5 }, { retirement: 0.02 });
  for (let day = 0; day < 20; day += 1) {
    expect(tidy.advance().retirement).toBeGreaterThan(0);
    untidy.advance();
  }
  expect(stale(tidy)).toBe(0);
  expect(stale(untidy)).toBeGreaterThan(50);
});

test('closed people are forgotten after a month, or stay visible for ever (annuaire…#418)', () => {
  const closedAfterTwoMonths = (lingering: number): number => {
    const population = quiet({ lingering }, { retirement: 0.02 });
    for (let day = 0; day < 10; day += 1) population.advance();
    population.change({ rates: { retirement: 0 } });
    for (let day = 0; day < 60; day += 1) population.advance();
    return population.total('Practitioner', { active: false });
  };
  expect(closedAfterTwoMonths(0)).toBe(0);
  expect(closedAfterTwoMonths(0.5)).toBeGreaterThan(40);
});

test('closings leave a stub, or none at all (P-10)', () => {
  const vanishedOf = (vanish: number): { closed: number; vanished: number } => {
    const population = quiet({ vanish }, { move: 0.02 });
    const sum = { closed: 0, vanished: 0 };
    for (let day = 0; day < 10; day += 1) {
      const told = population.advance();
      sum.closed += told.move;
      sum.vanished += told.vanished;
    }
    return sum;
  };
  expect(vanishedOf(0).vanished).toBe(0);
  const { closed, vanished } = vanishedOf(0.5);
  expect(vanished / closed).toBeGreaterThan(0.35);
  expect(vanished / closed).toBeLessThan(0.65);
});

test('the API and the files disagree about some mailboxes (P-17)', () => {
  const disagreeing = (otherMailbox: number): number => {
    const population = quiet({ otherMailbox });
    const people = [...Array(population.count('Practitioner')).keys()].map((index) =>
      population.person(index)!,
    );
    return people.filter(({ mailbox, fileMailbox }) => mailbox !== fileMailbox).length;
  };
  expect(disagreeing(0)).toBe(0);
  expect(disagreeing(0.3)).toBeGreaterThan(80);
});

test('a rate changed while time runs changes nothing of what is already shown', () => {
  const population = quiet({});
  const shown = (): string =>
    JSON.stringify(population.entries('Practitioner', {}, -1, Infinity).map((entry) => entry.resource()));
  const before = shown();
  population.change({ quirks: { vanish: 1, staleRole: 1, recreate: 0.1 }, rates: { move: 0.1 } });
  expect(shown()).toBe(before);
  expect(population.advance().move).toBeGreaterThan(50);
});

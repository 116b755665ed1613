import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNetwork } from '../../src/network/read.ts';
import { kindsOfTheProject, type Kinds, today } from '../network/project.ts';
import { collisions, drawn, linesOf, networkOf, pictureOf, wordsOf } from './pictures.ts';

let kinds: Kinds;

beforeAll(async () => {
  kinds = await kindsOfTheProject();
});

async function example(name: string, at: string = today): Promise<string> {
  const { network } = await readNetwork(`examples/networks/${name}.yaml`);
  return pictureOf(network!, kinds, at);
}

const branches = (svg: string): number => (svg.match(/<polyline /g) ?? []).length;
const times = (text: string, word: string): number => text.split(word).length - 1;

describe('the picture of a network', () => {
  it('shows each structure once, under its role and its level, joined to the network', async () => {
    const svg = await example('cso-idf-ouest');
    const text = wordsOf(svg);
    for (const name of ["Centre hospitalier privé de l'Europe (CHPE)", 'Clinique du Méandre (inventée)'])
      expect(times(text, name)).toBe(1);
    expect(text.indexOf('Centre pilote')).toBeLessThan(text.indexOf('CHPE'));
    expect(text).toMatch(/niveau 3 conventionné avec le CSO Clinique du Méandre/);
    expect(branches(svg)).toBeGreaterThanOrEqual(6);
  });

  it('leaves out who has left on the day asked, and who has not come yet', async () => {
    const departed = 'Clinique des Tilleuls';
    expect(wordsOf(await example('cso-idf-ouest', '2025-09-30'))).toContain(departed);
    expect(wordsOf(await example('cso-idf-ouest', '2025-10-01'))).not.toContain(departed);
    expect(wordsOf(await example('cso-idf-ouest', '2023-10-02'))).not.toContain(
      'Centre hospitalier des Coteaux',
    );
  });

  it('shows units inside their hospital, and the steps of a pathway in their order', async () => {
    const text = wordsOf(await example('pathway-coreso-le-vinatier'));
    expect(text.indexOf('Centre hospitalier Le Vinatier')).toBeLessThan(text.indexOf('Pôle de médecine'));
    const steps = [
      'Première consultation',
      'Deuxième consultation',
      'Troisième consultation',
      'Synthèse complète',
    ];
    const found = steps.map((step) => text.indexOf(step));
    expect(found.every((at) => at >= 0)).toBe(true);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  it('shows stages only once they are reached, and names the people of a team', async () => {
    expect(wordsOf(await example('ess-endocrinologie-var'))).toMatch(
      /Projet de santé validé par l'ARS.*Étape actuelle/,
    );
    expect(wordsOf(await example('ess-endocrinologie-var', '2025-03-01'))).not.toContain('validé');
    expect(wordsOf(await example('ess-endocrinologie-var'))).toContain('Anne FICTIVE-ALBA');
  });

  it('fills a département that is covered and hatches one that is covered in part or by communes', async () => {
    const hatched = 'fill="url(#partie)"';
    const whole = await example('ess-endocrinologie-var');
    expect(whole).not.toContain(hatched);
    expect(wordsOf(whole)).toContain('Var (83)');
    const part = await example('cpts-sollies');
    expect(part).toContain(hatched);
    expect(wordsOf(part)).toContain('Solliès-Pont');
    expect(await example('cso-idf-ouest')).toContain(hatched);
  });

  it('names who drew the outlines, the day and the source', async () => {
    const svg = await example('cpts-bandol');
    expect(svg).toMatch(/<dc:rights>[^<]*Victor Cazanave[^<]*CC BY 4\.0/);
    expect(wordsOf(svg)).toMatch(/22 novembre 2026.*cpts-bandol\.yaml.*Victor Cazanave/);
  });

  it('can be read aloud: an image with a title and a description', async () => {
    const svg = await example('cpts-bandol');
    expect(svg).toMatch(/<svg [^>]*role="img" aria-labelledby="titre texte"/);
    expect(svg).toContain('<title id="titre">CPTS de Bandol</title>');
    expect(svg).toMatch(/<desc id="texte">[^<]*Var/);
  });

  it('draws a kind of network that does not ship yet', () => {
    const text = wordsOf(drawn(networkOf('MSP des Tilleuls', [{ name: 'Cabinet Nord', role: 'Cabinet' }])));
    expect(text).toMatch(/MSP des Tilleuls Maison de santé.*Cabinet Cabinet Nord/);
  });

  it('says nothing of resources without the network they belong to', () => {
    expect(drawn([])).toBe('');
  });
});

describe('a picture of what strangers wrote', () => {
  it('holds no element, attribute, script or control character of theirs', () => {
    const hostile = `"><script>alert(1)</script><image href='http://x'/>\u0000\u202e&\ud800`;
    const svg = drawn(networkOf(hostile, [{ name: hostile, role: hostile, level: hostile, city: hostile }]));
    const markup = svg.replace(/>[^<]*</g, '><');
    const allowed = 'svg title desc metadata dc defs pattern rect text polyline circle path';
    const names = new Set([...markup.matchAll(/<([a-z]+)/g)].map(([, name]) => name!));
    expect([...names].filter((name) => !allowed.split(' ').includes(name))).toEqual([]);
    expect(markup).not.toMatch(/script|href|alert| on[a-z]+=|javascript/i);
    expect(svg).not.toMatch(/[\u0000-\u0008\u202e\ud800]/);
    expect(
      linesOf(svg)
        .map(({ text }) => text)
        .join(''),
    ).toContain('<script>');
  });

  it('keeps every text on its own place, whatever the names and however many', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    const member = fc.record({
      name: fc.oneof(word, fc.constant('Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson '.repeat(4))),
      role: fc.constantFrom('Porteur', 'Partenaire', 'Membre associé au titre de la convention'),
      level: fc.constantFrom('Niveau 1', 'Niveau 2'),
    });
    fc.assert(
      fc.property(word, fc.array(member, { maxLength: 60 }), (name, members) => {
        expect(collisions(drawn(networkOf(name, members)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a network of many', () => {
  const many = (count: number): Parameters<typeof networkOf>[1] =>
    Array.from({ length: count }, (_, i) => ({
      name: `Établissement numéro ${i}.`,
      level: `Niveau ${1 + (i % 3)}`,
    }));

  it('shows each of 500 partners once, on a larger sheet, none over another', () => {
    const svg = drawn(networkOf('Grande filière', many(500)));
    const text = wordsOf(svg);
    for (let i = 0; i < 500; i += 1) expect(times(text, `Établissement numéro ${i}.`)).toBe(1);
    expect(collisions(svg)).toEqual([]);
    expect(branches(svg)).toBeGreaterThanOrEqual(500);
  });

  it('counts those that even an A0 sheet cannot hold', () => {
    const svg = drawn(networkOf('Immense filière', many(20_000)));
    expect(svg).toContain('width="1189mm"');
    expect(wordsOf(svg)).toMatch(/… et \d+ autres, dans le fichier du réseau/);
    expect(svg.length).toBeLessThan(2_000_000);
  });

  it('draws structures that are part of each other in a circle, instead of turning forever', () => {
    const resources = networkOf('Cercle', [{ name: 'Un' }, { name: 'Deux' }]);
    const [one, two] = resources.filter(({ key }) => key.startsWith('https://example.org'));
    const partOf = (key: string): object => ({ reference: `Organization?identifier=${key}` });
    one!.body['partOf'] = partOf(two!.key);
    two!.body['partOf'] = partOf(one!.key);
    expect(wordsOf(drawn(resources))).toMatch(/Un.*Deux/);
  });
});

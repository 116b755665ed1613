/** What patients are called, where they live and what is written about them stays out of every log, metric and refusal (P-37). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Ran } from './passerelle.ts';
import { type EndToEnd, startEndToEnd } from './stage.ts';

/** Example texts and what stands in their place; all begin alike, so that one search finds any. */
const replaced: readonly [string, string][] = [
  ['ESSAI-CORESO', 'CANARI-NOM'],
  ['"Paul"', '"CANARI-PRENOM"'],
  ['Paul Marie', 'CANARI-PRENOMS'],
  ['prenom: Paul', 'prenom: CANARI-PRENOM'],
  ['1 rue Fictive', 'CANARI-RUE'],
  ['800012345', 'CANARI-IPP'],
  ['Absence de suivi somatique', 'CANARI-MOTIF'],
  ['Surpoids, tabagisme actif', 'CANARI-PROBLEME'],
  ['Synthèse Coreso', 'CANARI-TITRE'],
];

/** Data of the example that already cannot be mistaken for anything else: INS, birth date, telephone. */
const canaries = /CANARI|174129910000157|1974-12-03|33199000001/;

let stage: EndToEnd;
const outputs = new Map<string, string>();

beforeAll(async () => {
  stage = await startEndToEnd(withCanaries);
  const keep = async (name: string, ran: Promise<Ran>) => {
    const { stdout, stderr } = await ran;
    outputs.set(name, stdout + stderr);
  };
  await keep('apply', stage.command('apply'));
  await refuse(stage);
  await stage.play();
  const list = await stage.command('referral', 'list', '--json');
  const [referral] = JSON.parse(list.stdout) as { id: string }[];
  for (const command of [
    'referral list',
    `referral show ${referral!.id}`,
    'reconcile',
    'history',
    'doctor',
  ]) {
    await keep(command, stage.command(...command.split(' ')));
    await keep(`${command} --json`, stage.command(...command.split(' '), '--json'));
  }
  outputs.set('/metrics', await (await fetch(`${stage.address}/metrics`)).text());
}, 180_000);

afterAll(() => stage.close());

describe('canaries in names, addresses, identifiers, letter and synthesis', () => {
  it('reach the hospitals: they are really on their way', async () => {
    const held = await Promise.all(
      ['Patient', 'Binary', 'Condition'].map((type) => stage.at('ville').all(type)),
    );
    const texts = held.flat().map(textOf);
    for (const canary of ['CANARI-NOM', 'CANARI-RUE', 'CANARI-LETTRE', 'CANARI-MOTIF', 'CANARI-PROBLEME']) {
      expect(texts.some((text) => text.includes(canary))).toBe(true);
    }
  });

  it('are in no line of the log at its most talkative', () => {
    const log = stage.gateway.printed();
    expect(log).toContain('delivery.');
    expect(log.split('\n').filter((line) => canaries.test(line))).toEqual([]);
  });

  it('are in no answer of a command, no metric and no refusal', () => {
    expect([...outputs].filter(([, text]) => canaries.test(text)).map(([name]) => name)).toEqual([]);
    expect(outputs.size).toBeGreaterThan(15);
    expect([...outputs.values()].every((text) => text.length > 0)).toBe(true);
  });
});

function withCanaries(text: string): string {
  const changed = replaced.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  return changed.replace(/"data": *"([^"]+)"/, (_whole, data: string) => {
    const letter = `${Buffer.from(data, 'base64').toString('utf8')} CANARI-LETTRE`;
    return `"data": "${Buffer.from(letter).toString('base64')}"`;
  });
}

function textOf(resource: AnyResource): string {
  const { data = '' } = resource as { data?: string };
  return JSON.stringify(resource) + Buffer.from(data, 'base64').toString('utf8');
}

/** Requests that fail on the very elements that hold canaries. */
async function refuse(stage: EndToEnd): Promise<void> {
  const { address, cast } = stage;
  const spoilt = (type: string, change: object): AnyResource => {
    const entries = cast.referral['entry'] as { resource: AnyResource }[];
    const entry = entries.map((one) =>
      one.resource.resourceType === type ? { ...one, resource: { ...one.resource, ...change } } : one,
    );
    return { ...cast.referral, entry };
  };
  const bad = {
    birthDate: spoilt('Patient', { birthDate: 'CANARI-DATE' }),
    gender: spoilt('Patient', { gender: 'CANARI-SEXE' }),
    field: spoilt('Patient', { 'CANARI-CHAMP': 'CANARI-VALEUR' }),
    address: spoilt('Patient', { address: 'CANARI-RUE' }),
    code: spoilt('ServiceRequest', { status: 'CANARI-CODE' }),
    network: spoilt('ServiceRequest', { instantiatesCanonical: ['https://canari.example/CANARI-RESEAU'] }),
    letter: spoilt('Binary', { data: 'CANARI !' }),
  };
  for (const [name, body] of Object.entries(bad)) {
    const { status, resource } = await stage.as('psychiatrie').post('', body);
    expect([name, status]).toEqual([name, expect.any(Number)]);
    expect(status).toBeGreaterThanOrEqual(400);
    outputs.set(`refused ${name}`, JSON.stringify(resource));
  }
  const found = await stage.as('coreso').get('Task/CANARI-ID');
  outputs.set('unknown id', JSON.stringify(found.resource));
  const broken = await fetch(`${address}/fhir`, { method: 'POST', body: '{"CANARI-NOM": ' });
  outputs.set('not JSON, nobody', await broken.text());
}

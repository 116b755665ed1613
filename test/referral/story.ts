/** Two hospitals, a database and a gateway's clinical rooms, as the Coreso story needs them. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Clock, systemIds } from '../../src/clock.ts';
import type { MssanteConfig, ServerConfig } from '../../src/config.ts';
import { createDelivery, type Delivery } from '../../src/delivery/create-delivery.ts';
import { communesFrom } from '../../src/directory/communes.ts';
import { closedOf } from '../../src/directory/closed.ts';
import { disciplinesOf } from '../../src/directory/disciplines.ts';
import { communesIn } from '../../src/directory/communes-in.ts';
import { patchOrNothing, patchOrUpdate } from '../../src/delivery/patch.ts';
import type { Prepare } from '../../src/delivery/types.ts';
import { deliverKind, documentEffect, introduceKind } from '../../src/document/delivery.ts';
import { composeDocument } from '../../src/document/compose.ts';
import { supersedeKind } from '../../src/document/supersede.ts';
import { createMssanteChannel } from '../../src/document/mssante/channel.ts';
import { createMssante, mssanteId } from '../../src/document/mssante/mailbox.ts';
import { createPrinter } from '../../src/document/print/printer.ts';
import type { DocumentContext } from '../../src/document/receive.ts';
import { readDocumentRules } from '../../src/document/rules.ts';
import { readPackageRules } from '../../src/document/xdm/rules.ts';
import { contentHash } from '../../src/fhir/normal.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import type { BusinessKey } from '../../src/fhir/key.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { structureTypes } from '../../src/gateway/structure-types.ts';
import { createLog } from '../../src/log.ts';
import { relayKind } from '../../src/referral/candidate.ts';
import { askKind, prepareAsk } from '../../src/referral/ask-item.ts';
import { circleKind } from '../../src/referral/circle/ask-circle.ts';
import { prepareCircle } from '../../src/referral/circle/prepare-circle.ts';
import { unlessOvertaken } from '../../src/referral/circle/unless-overtaken.ts';
import { type Collected, collectReferrals } from '../../src/referral/collect.ts';
import { consentAtSend } from '../../src/referral/consent-at-send.ts';
import type { Caller, ReferralContext } from '../../src/referral/context.ts';
import { referralEffects } from '../../src/referral/effects.ts';
import { type Followed, followTasks } from '../../src/referral/follow.ts';
import { knownProtocols } from '../../src/referral/known-protocols.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { prepareRelay } from '../../src/referral/prepare-relay.ts';
import { preparePatient } from '../../src/referral/prepare-patient.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import { prepareTell, tellKind } from '../../src/referral/tell-placer.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { openServer, serverConfig } from '../server/open-server.ts';
import { testValidator } from '../validator.ts';

export const tenant = 'ara';
export const generalist = { system: systems.rpps, value: '10999900037' };

export type Story = {
  database: TestDatabase;
  hospitals: { vinatier: Hospital; ville: Hospital };
  servers: { vinatier: FhirServer; ville: FhirServer };
  context: ReferralContext;
  documents: DocumentContext;
  delivery: Delivery;
  psychiatrist: Caller;
  coreso: Caller;
  /** Hours can be let pass. */
  clock: Clock & { advance(ms: number): void };
  /** Sends everything that is due. */
  deliver(): Promise<void>;
  follow(): Promise<Followed>;
  /** Fetches what was placed at the psychiatric hospital's own server. */
  collect(): Promise<Collected>;
  /** The only resource of a type at a hospital, or the one that matches. */
  find(server: FhirServer, type: string, params?: Record<string, string>): Promise<AnyResource[]>;
  close(): Promise<void>;
};

export function example(): AnyResource {
  return JSON.parse(readFileSync('examples/referrals/coreso.json', 'utf8')) as AnyResource;
}

/** The example synthesis as bytes, with some fields changed. */
export function synthesis(documents: DocumentContext, change: object = {}): Buffer {
  const { bytes, issues } = composeDocument({ ...synthesisContent, ...change }, documents.rules);
  if (!bytes) throw new Error(issues.map(({ message }) => message).join('\n'));
  return bytes;
}

/** The content of examples/documents/coreso-synthesis.yaml, read as data. */
export const synthesisContent = (await import('yaml')).parse(
  readFileSync('examples/documents/coreso-synthesis.yaml', 'utf8'),
) as Record<string, unknown>;

/** What a story is played with: the network's protocols, whose records the two servers keep. */
export type Cast = {
  load: (database: TestDatabase) => Promise<void>;
  placerHome: BusinessKey[];
  fulfillerHome: BusinessKey[];
  patientSystem: string;
  /** How far the hospitals' clocks are ahead of ours. */
  aheadMs?: number;
};

export const coreso: Cast = {
  load: loadProtocol,
  placerHome: [`${systems.finess}|990780033`],
  fulfillerHome: [`${networkSystem}|coreso-le-vinatier`, `${generalist.system}|${generalist.value}`],
  patientSystem: 'https://ch-le-vinatier.example/ipp',
};

/**
 * `mssante` adds a drop folder, and takes the town GP's server away when they have a mailbox there. `submissions`: the
 * town's server takes documents as IHE MHD submissions.
 */
export async function startStory(
  mssante?: MssanteConfig,
  submissions?: true | 'simplified',
  cast: Cast = coreso,
): Promise<Story> {
  const database = await freshDatabase();
  const { store } = database;
  await cast.load(database);
  const clock = movableClock();
  const theirs = { now: () => clock.now() + (cast.aheadMs ?? 0) };
  const hospitals = {
    vinatier: await startHospital({ name: 'vinatier', ids: 'client', clock: theirs }),
    ville: await startHospital({ name: 'ville', ids: 'server', clock: theirs }),
  };
  const configs: ServerConfig[] = [
    serverConfig(hospitals.vinatier.base, {
      ...{ id: 'vinatier', name: 'CH Le Vinatier', homeOf: cast.placerHome },
      ...{ patientSystem: cast.patientSystem, collect: true },
    }),
    serverConfig(hospitals.ville.base, {
      ...{
        id: 'ville',
        name: 'Médecine de ville',
        ids: 'server',
        patientSystem: 'https://ville.example/ipp',
        ...(submissions ? { submissions } : {}),
      },
      homeOf: cast.fulfillerHome.filter((key) => !mssante || !key.startsWith(generalist.system)),
    }),
  ];
  const servers = {
    vinatier: openServer(hospitals.vinatier.base, configs[0]),
    ville: openServer(hospitals.ville.base, configs[1]),
  };
  const byId = new Map(Object.entries(servers));
  const connect = (id: string): FhirServer => byId.get(id)!;
  const log = createLog('silent');
  const rules = readExchangeRules('mappings');
  const validator = await testValidator();
  const validate = (resource: AnyResource, profiles: string[]) => validator.validate(resource, profiles);
  const documentRules = readDocumentRules('mappings');
  const mail = createMssante(mssante, readPackageRules('mappings', documentRules.confidentiality));
  const { mailboxOf } = mail;
  const communes = communesFrom(readFileSync('mappings/communes.csv', 'utf8'));
  const communesOf = (text: string): string[] => communesIn(communes, text);
  const context: ReferralContext = {
    ...{ store, clock, ids: systemIds, servers: configs, rules, validate, mailboxOf, communesOf },
    protocolsAt: knownProtocols(store.protocols),
    disciplinesOf: (persons) => disciplinesOf(store.directorySearch, persons),
    closedOf: (keys) => closedOf(store.directorySearch, keys),
  };
  const pathway = createPathway({ servers: configs, rules, clock });
  const documents = {
    ...{ store, clock, ids: systemIds, validate, pathway, rules: documentRules },
    print: createPrinter('assets/fonts'),
    mssante: mail,
    typesOf: structureTypes(store),
  };
  const underConsent = (then: Prepare): Prepare =>
    consentAtSend({ store, pathway, rules, servers: configs, clock }, then);
  const prepare = underConsent(preparePatient({ store, servers: configs, connect, rules, clock }));
  const documentBytes = async (of: string, id: string): Promise<Buffer> =>
    (await store.documents.bytes(of, id))!.bytes;
  const delivery = createDelivery({
    ...{ store, servers: byId, serverConfigs: configs, clock, ids: systemIds, log },
    effects: new Map([
      ...referralEffects(clock),
      [deliverKind, documentEffect(pathway, () => new Date(clock.now()))],
    ]),
    prepare: new Map([
      [relayKind, prepareRelay({ store }, prepare)],
      [introduceKind, prepare],
      [deliverKind, patchOrNothing({ store }, prepare)],
      [supersedeKind, patchOrUpdate({ store }, async ({ entries }) => [...entries])],
      [askKind, underConsent(prepareAsk({ store, connect }))],
      [circleKind, unlessOvertaken(store, underConsent(prepareCircle({ store, connect, rules, clock })))],
      [tellKind, prepareTell({ store, connect, clock })],
    ]),
    localId: (_lane, server, type, key) =>
      `pas-${createHmac('sha256', 'test').update(`${server} ${type} ${key}`).digest('hex').slice(0, 32)}`,
    documentBytes,
    channels: new Map(
      mssante ? [[mssanteId, createMssanteChannel({ config: mssante, ids: systemIds, documentBytes })]] : [],
    ),
  });
  return {
    ...{ database, hospitals, servers, context, documents, delivery, clock },
    psychiatrist: caller('psychiatrie', 'vinatier', 'placer'),
    coreso: caller('coreso', 'ville', 'fulfiller'),
    async deliver() {
      while ((await delivery.runOnce()) > 0);
    },
    follow: () => followTasks({ ...context, connect, pathway, log }, tenant),
    collect: () =>
      collectReferrals(
        {
          ...{ ...context, connect, log },
          clients: [
            {
              id: 'psychiatrie',
              tenant,
              server: 'vinatier',
              roles: ['placer'],
              auth: { kind: 'basic', password: '' },
            },
          ],
        },
        tenant,
      ),
    async find(server, type, params = {}) {
      const found: AnyResource[] = [];
      for await (const resource of server.search(type, params)) found.push(resource);
      return found;
    },
    async close() {
      await Promise.all([...Object.values(servers), ...Object.values(hospitals)].map((one) => one.close()));
      await database.close();
    },
  };
}

function caller(client: string, server: string, role: 'placer' | 'fulfiller'): Caller {
  return { client, tenant, server, roles: [role], requestId: `request-of-${client}` };
}

function movableClock(): Clock & { advance(ms: number): void } {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      }),
    advance: (ms) => void (offset += ms),
  };
}

async function loadProtocol({ store }: TestDatabase): Promise<void> {
  const resources = JSON.parse(
    readFileSync('test/fixtures/referral/coreso-protocol.json', 'utf8'),
  ) as AnyResource[];
  await store.desired.replace(
    tenant,
    resources.map((body) => {
      const [{ system, value }] = body['identifier'] as [{ system: string; value: string }];
      return {
        ...{ networkId: 'coreso-le-vinatier', type: body.resourceType, key: `${system}|${value}` },
        ...{ class: 'owned' as const, hash: contentHash(body), body, origin: null },
      };
    }),
  );
}

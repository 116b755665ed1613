/** Looks for who receives a referral whose order names no performer, among the open offers of the tenant's networks. */
import { networkSystem } from '../../fhir/names.ts';
import type { AnyResource, Patient } from '../../fhir/types.ts';
import type { StoredProtocol } from '../../store/protocols.ts';
import type { ReferralContext } from '../context.ts';
import { type Destination, destinationAt, providerOf, type Where } from '../destination.ts';
import { homeCommune } from '../home-commune.ts';
import { homeServer } from '../route.ts';
import { type Choice, choose, reasonsOf } from './choose.ts';
import { judge } from './judge.ts';
import { type Asked, codingsOf, type Judged, type Offer } from './offer.ts';

/** `destination` absent: a person has to choose. `told` goes into the ledger: names of offers and reasons, nothing of the patient. */
export type Routed = { destination?: Destination; told: RoutingTold };

export type RoutingTold = {
  why: Choice['why'];
  /** Why the one that was chosen. */
  reasons: string[];
  others: { offer: string; name: string; reasons: string[] }[];
};

/** As many of the others as a person looks at. */
const mostOthers = 10;

type Order = { order: AnyResource; patient: Patient; protocol: StoredProtocol | undefined };

/** Judges every open offer against the order and its patient. */
export async function routeOrder(
  { rules, communesOf, clock }: ReferralContext,
  where: Where,
  { order, patient, protocol }: Order,
): Promise<Routed> {
  const home = homeCommune(patient, rules.identity);
  const at = new Date(clock.now());
  const age = ageOf(patient.birthDate, at);
  const asked: Asked = {
    ...(protocol ? { networkId: protocol.networkId } : {}),
    ...(age ? { age } : {}),
    reasons: codingsOf(order, 'code'),
    levels: codingsOf(order, 'orderDetail').filter(({ system }) => system === rules.routing.levels),
    specialities: codingsOf(order, 'performerType'),
    communes: home === undefined ? [] : communesOf(home),
    at,
  };
  const offers = await openOffers(where, protocol);
  const judged = offers.map((offer) => judge(offer, asked, rules.routing, isReachable(offer, where.servers)));
  const { chosen, why, others } = choose(judged);
  const told = {
    why,
    reasons: chosen ? reasonsOf(chosen) : [],
    others: others.slice(0, mostOthers).map(lineOf),
  };
  if (!chosen) return { told };
  const { key, name, protocols } = chosen.offer;
  const wanted = protocol ?? protocols[0];
  return {
    told,
    destination: await destinationAt(key, { display: name }, wanted, where, 'ServiceRequest.performer'),
  };
}

async function openOffers(
  { tenant, protocols }: Where,
  wanted: StoredProtocol | undefined,
): Promise<Offer[]> {
  const rows = await protocols.offers(tenant, wanted?.networkId);
  const territories = Map.groupBy(
    await protocols.territories(tenant, wanted?.networkId),
    (one) => one.networkId,
  );
  const open = Map.groupBy(await protocols.active(tenant, wanted?.networkId), (one) => one.networkId);
  return rows.map(({ networkId, key, body }) => ({
    ...{ networkId, key, body, name: (body['name'] as string | undefined) ?? networkId },
    territories: new Map((territories.get(networkId) ?? []).map((one) => [one.key, one.body])),
    protocols: wanted ? [wanted] : (open.get(networkId) ?? []),
  }));
}

function isReachable({ networkId, key, body }: Offer, servers: ReferralContext['servers']): boolean {
  const provider = providerOf(body);
  const network = `${networkSystem}|${networkId}`;
  return homeServer(servers, [key, network, ...(provider ? [provider] : [])]) !== undefined;
}

function lineOf(judged: Judged): RoutingTold['others'][number] {
  const { key, name } = judged.offer;
  return { offer: key, name, reasons: reasonsOf(judged) };
}

/** A birth date may be a year or a month: then the age lies between two. */
function ageOf(birthDate: string | undefined, at: Date): Asked['age'] {
  if (birthDate === undefined || !/^[0-9]{4}/.test(birthDate)) return undefined;
  const day = at.toISOString().slice(0, 10);
  const years = (date: string): number =>
    Number(day.slice(0, 4)) - Number(date.slice(0, 4)) - (day.slice(5) < date.slice(5) ? 1 : 0);
  return {
    min: years(birthDate.padEnd(7, '-12').padEnd(10, '-31')),
    max: years(birthDate.padEnd(7, '-01').padEnd(10, '-01')),
  };
}

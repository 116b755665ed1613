/** What routing knows of an offer, and what it judges it by. */
import type { BusinessKey } from '../../fhir/key.ts';
import type { AnyResource, CodeableConcept, Coding } from '../../fhir/types.ts';
import type { StoredProtocol } from '../../store/protocols.ts';

/** An open offer of a network, with the territory and the protocols of that network. */
export type Offer = {
  networkId: string;
  key: BusinessKey;
  name: string;
  body: AnyResource;
  /** Territory and départements of the network, by key. */
  territories: ReadonlyMap<BusinessKey, AnyResource>;
  protocols: readonly StoredProtocol[];
};

/** What a referral asks for. */
export type Asked = {
  /** The network whose pathway the order names, if it names one. */
  networkId?: string;
  reasons: readonly Coding[];
  levels: readonly Coding[];
  specialities: readonly Coding[];
  /** In years, as far as the birth date tells. */
  age?: { min: number; max: number };
  /** INSEE codes of the patient's commune; empty when it is not known. */
  communes: readonly string[];
  at: Date;
};

/** `open`: the offer says nothing of it; `perhaps`: it does, and it cannot be told whether it fits. */
export type Verdict = {
  criterion: string;
  fits: 'yes' | 'open' | 'perhaps' | 'no';
  said: string;
  weight?: number;
};

export type Judged = { offer: Offer; verdicts: Verdict[] };

/** `mappings/exchange/routing.yaml`. */
export type RoutingRules = {
  kinds: readonly { reason: Coding; anyOf: readonly Coding[] }[];
  audiences: readonly (Coding & { name: string; min?: number; max?: number })[];
  levels: string;
  closed: readonly Coding[];
  communes: string;
};

/** Codings of elements that hold a concept, or several. */
export function codingsOf(resource: AnyResource, ...elements: string[]): Coding[] {
  return elements.flatMap((element) => {
    const concepts = [resource[element] ?? []].flat() as CodeableConcept[];
    return concepts.flatMap(({ coding = [] }) => coding);
  });
}

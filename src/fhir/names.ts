/**
 * Names this product gives to things. The base is reserved by RFC 2606, so nobody else can own it;
 * docs/decisions/0005-canonical-base.md says what changes when a registered domain replaces it.
 */
export const canonicalBase = 'https://passerelle.example/fhir';

/** Identifier system of everything a network owns: a network’s id, then paths below it (`<id>/team/rcp`). */
export const networkSystem = `${canonicalBase}/network`;

/** Identifier system of an order the gateway places with a fulfiller on behalf of the placer (REF-07). */
export const fillerOrderSystem = `${canonicalBase}/filler-order`;

/** Tag on every resource the gateway publishes. It proves nothing (it can be copied): ownership is our deployed row. */
export const managedByTag = { system: `${canonicalBase}/CodeSystem/managed-by`, code: 'passerelle' } as const;

/** `meta.source` of what the gateway publishes. */
export const publicationSource = `${canonicalBase}/gateway`;

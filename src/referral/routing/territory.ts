/** Whether an offer covers a commune: its own communes, else its départements, as the network declares them. Pure. */
import type { BusinessKey } from '../../fhir/key.ts';
import { parseKeyReference } from '../../fhir/references.ts';
import type { AnyResource, Coding, Reference } from '../../fhir/types.ts';
import type { Asked, Offer, RoutingRules, Verdict } from './offer.ts';

const criterion = 'territoire';

/** A territory that names communes says exactly which; one that names départements, which, or which in part. */
export function coverage({ body, territories }: Offer, { communes }: Asked, rules: RoutingRules): Verdict {
  const areas = ((body['coverageArea'] ?? []) as Reference[]).flatMap(
    ({ reference = '' }) => parseKeyReference(reference)?.key ?? [],
  );
  const named = areas.flatMap((area) => communesOf(territories.get(area), rules));
  const departments = [...territories].filter(([, { partOf }]) =>
    areas.includes(parseKeyReference((partOf as Reference | undefined)?.reference ?? '')?.key ?? ''),
  );
  const declared = named.length
    ? 'communes'
    : departments.some(([key]) => codeOf(key))
      ? 'départements'
      : undefined;
  if (!declared) return { criterion, fits: 'open', said: 'territoire sans limite déclarée' };
  if (communes.length === 0)
    return { criterion, fits: 'perhaps', said: 'la commune du patient n’est pas connue' };
  if (declared === 'communes')
    return named.some((one) => communes.includes(one))
      ? { criterion, fits: 'yes', weight: 2, said: 'commune du patient couverte' }
      : { criterion, fits: 'no', said: 'commune du patient hors du territoire' };
  const own = departments.filter(([key]) =>
    communes.some((commune) => departmentOf(commune) === codeOf(key)),
  );
  if (own.length === 0) return { criterion, fits: 'no', said: 'département du patient hors du territoire' };
  return own.some(([, { description }]) => description === undefined)
    ? { criterion, fits: 'yes', weight: 1, said: 'département du patient couvert' }
    : { criterion, fits: 'perhaps', said: 'département du patient couvert en partie' };
}

function communesOf(location: AnyResource | undefined, { communes }: RoutingRules): string[] {
  const extensions = (location?.['extension'] ?? []) as { url: string; valueCoding?: Coding }[];
  return extensions
    .filter(({ url }) => url === communes)
    .flatMap(({ valueCoding }) => valueCoding?.code ?? []);
}

/** A département is the last part of its key, as the networks' mappings make it. */
function codeOf(key: BusinessKey): string | undefined {
  return /\/territory\/([0-9]{2,3}|2[AB])$/.exec(key)?.[1];
}

function departmentOf(commune: string): string {
  return /^9[78]/.test(commune) ? commune.slice(0, 3) : commune.slice(0, 2);
}

/** What routing decided, in one French sentence. */
import type { RoutingTold } from './route-order.ts';

const sentences: Readonly<Record<RoutingTold['why'], string>> = {
  only: 'Une seule offre répond à la demande',
  nearest: 'Plusieurs offres répondent à la demande, celle-ci nomme le territoire le plus précis',
  none: 'Aucune offre des réseaux ne répond à la demande',
  several: 'Plusieurs offres répondent à la demande : une personne choisit',
  unsure: 'Aucune offre ne répond à la demande avec certitude : une personne choisit',
};

/** Why the one that was chosen, or which offers a person may choose from. */
export function routingWhy({ why, reasons, others }: RoutingTold): string {
  if (reasons.length) return `${sentences[why]} : ${reasons.join(', ')}.`;
  const offers = others.slice(0, 3).map((one) => `${one.name} (${one.reasons.join(', ')})`);
  return [`${sentences[why]}.`, ...(offers.length ? [`Offres : ${offers.join(' ; ')}.`] : [])].join(' ');
}

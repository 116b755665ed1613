/** What somebody who was refused can do, by the category of the refusal, where nothing more precise is known. In French. */
import type { Category } from './error.ts';

const steps: Readonly<Record<Category, string>> = {
  invalid: 'Corrigez ce qui est désigné, puis renvoyez.',
  unprocessable: 'Corrigez ce qui est désigné, puis renvoyez.',
  unauthenticated: 'Présentez un mot de passe ou un jeton valable pour cette passerelle.',
  forbidden: 'Demandez ce droit à qui administre la passerelle, ou l’acte à qui l’a.',
  'not-found': 'Vérifiez l’adresse et l’identifiant, et que ce client y a accès.',
  gone: 'N’y faites plus référence.',
  conflict: 'Relisez la ressource, refaites le changement sur sa version actuelle, puis renvoyez.',
  duplicate: 'Renvoyez le contenu d’origine, ou donnez au nouveau contenu un autre identifiant.',
  ambiguous: 'Précisez l’identifiant : il doit désigner une seule ressource.',
  'too-large': 'Envoyez moins à la fois, dans les limites de la passerelle.',
  'not-supported': 'Consultez ce que la passerelle prend en charge : GET /fhir/metadata.',
  'media-type': 'Envoyez du JSON en UTF-8 (Content-Type: application/fhir+json).',
  'not-acceptable': 'Demandez du JSON (Accept: application/fhir+json).',
  throttled: 'Renvoyez après le délai indiqué (Retry-After).',
  timeout: 'Renvoyez la même requête.',
  'unknown-outcome': 'Relisez l’état avant de renvoyer.',
  unavailable: 'Renvoyez la même requête plus tard : rien n’est fait deux fois.',
  fault: 'Signalez à qui administre la passerelle l’heure et le X-Request-Id de cette réponse.',
};

/** One sentence for each category. */
export function nextStepOf(category: Category): string {
  return steps[category];
}

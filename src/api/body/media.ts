/** Content types that are read and written (FHIR R4 §3.1.0.1.10: JSON only here). */
import { refusal, unsupportedMedia } from './refusals.ts';

/** Type and parameters of a `Content-Type` or one member of an `Accept`; names in lower case, quotes removed. */
type MediaType = { essence: string; parameters: Map<string, string> };

/** What every FHIR answer is. */
export const fhirJson = 'application/fhir+json';

const jsonTypes: ReadonlySet<string> = new Set([fhirJson, 'application/json']);

/** Content type of an HTML form, of OAuth's token requests and of POST searches. */
export const formType = 'application/x-www-form-urlencoded';

/** Throws `media-type` (415) unless the body says it is FHIR JSON in UTF-8, of FHIR 4.0 where it names a version. */
export function requireJson(header: string | undefined): void {
  const media = parseMediaType(header ?? '');
  if (!jsonTypes.has(media.essence))
    throw unsupportedMedia(
      'Content-Type non pris en charge : application/fhir+json ou application/json attendu.',
    );
  if ((media.parameters.get('charset') ?? 'utf-8').toLowerCase() !== 'utf-8')
    throw unsupportedMedia('Jeu de caractères non pris en charge : UTF-8 attendu.');
  if ((media.parameters.get('fhirversion') ?? '4.0') !== '4.0')
    throw unsupportedMedia('Version de FHIR non prise en charge : 4.0 attendue.');
}

/** Throws `media-type` (415) unless the body says it is a form. */
export function requireForm(header: string | undefined): void {
  if (parseMediaType(header ?? '').essence !== formType)
    throw unsupportedMedia(`Content-Type non pris en charge : ${formType} attendu.`);
}

const writable: ReadonlySet<string> = new Set([
  ...jsonTypes,
  '*/*',
  'application/*',
  'json',
  'text/json',
  'application/json+fhir',
]);

/** Throws (406, or as `category` says) when neither `Accept` nor `_format`, which overrides it, allows JSON. */
export function requireJsonAccepted(
  accept: string | undefined,
  format: string | null,
  category: 'not-acceptable' | 'invalid' = 'not-acceptable',
): void {
  const asked = format === null ? (accept ?? '*/*').split(',') : [format];
  // A "+" in a query is a blank once decoded: `_format=application/fhir+json` is common and meant so.
  const wanted = asked.map((item) => parseMediaType(item).essence.replace(' ', '+'));
  if (wanted.some((essence) => writable.has(essence))) return;
  throw refusal(category, 'not-supported', 'La passerelle répond seulement en application/fhir+json.');
}

function parseMediaType(header: string): MediaType {
  const [essence = '', ...rest] = header.split(';').map((part) => part.trim());
  const parameters = rest.map((part): [string, string] => {
    const [name = '', value = ''] = part.split('=', 2);
    return [name.toLowerCase(), value.replace(/^"|"$/g, '')];
  });
  return { essence: essence.toLowerCase(), parameters: new Map(parameters) };
}

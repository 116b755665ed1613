/** Every way in which the emulated directory can misbehave. All are off until a scenario or an admin call asks for them. */

export type QuirkMoment =
  /** Instead of an answer, before anything is looked up. */
  | 'request'
  /** What a page holds or links to. */
  | 'page'
  /** The bytes of an answer. */
  | 'bytes'
  /** What the directory itself publishes. */
  | 'content';

export type QuirkKind = {
  moment: QuirkMoment;
  /** Share of the requests, pages or records concerned when a setting does not say. */
  rate: number;
  /** Default of the setting's number, where the quirk has one. */
  ms?: number;
  over?: number;
  /** English, for `/_emulator/state` and docs/emulator.md; `#n` is an issue of the API's public tracker. */
  about: string;
};

export const quirkKinds = {
  'bad-gateway': { moment: 'request', rate: 0.05, about: '502 with an empty body (#372, #405)' },
  'gateway-timeout': { moment: 'request', rate: 0.05, about: '504 with an empty body (#405, #406, #415)' },
  'outage-404': { moment: 'request', rate: 1, about: '404 in HTML for every address (#161, #286)' },
  'throttle-burst': { moment: 'request', rate: 0.02, about: '429 although the quota is kept' },
  slow: { moment: 'request', rate: 0.1, ms: 2000, about: 'answers after `ms`' },
  hang: { moment: 'request', rate: 0.01, ms: 30_000, about: 'says nothing for `ms`, then 504' },
  'big-page': { moment: 'request', rate: 0.25, over: 1000, about: '502 for pages over `over` rows (#372)' },
  'many-ids': {
    moment: 'request',
    rate: 1,
    over: 49,
    about: '504 for more than `over` ids in one request (#372)',
  },
  'html-200': { moment: 'request', rate: 0.02, about: '200 with a page in HTML' },
  'outcome-200': { moment: 'request', rate: 0.02, about: '200 with an OperationOutcome instead of a Bundle' },
  'redirect-elsewhere': {
    moment: 'request',
    rate: 0.02,
    about: '302 to another host, which records headers',
  },
  'key-revoked': { moment: 'request', rate: 1, about: '403: the key is refused' },
  'empty-after-chained': {
    moment: 'page',
    rate: 1,
    about:
      'pages after the first are empty when the search is chained or filters by organisation (#59, #165, #414)',
  },
  'chained-ignores-count': {
    moment: 'page',
    rate: 1,
    about: '`_count` has no effect on chained searches (#415)',
  },
  'dead-next': {
    moment: 'page',
    rate: 0.05,
    about: 'a `next` link answers 200 without rows, again each time it is followed (#414)',
  },
  'missing-next': { moment: 'page', rate: 0.05, about: 'a page that has a successor does not link to it' },
  'next-other-path': {
    moment: 'page',
    rate: 0.1,
    about: '`next` leads to another path, where it works (#201)',
  },
  'next-other-host': { moment: 'page', rate: 0.05, about: '`next` leads to another host (#201)' },
  'page-loop': { moment: 'page', rate: 0.02, about: '`next` leads to the same page again' },
  'page-repeated': { moment: 'page', rate: 0.05, about: 'a page repeats rows of the page before it' },
  'page-short': {
    moment: 'page',
    rate: 0.1,
    about: 'a page holds half of what was asked; the rest comes after it',
  },
  'rows-dropped': { moment: 'page', rate: 0.02, about: 'a page silently lacks a row' },
  'changed-total': { moment: 'page', rate: 0.1, about: '`total` differs from page to page' },
  'no-total': { moment: 'page', rate: 0.1, about: '`total` is missing although `_total=accurate` was asked' },
  'two-hop-include': { moment: 'page', rate: 1, about: '`_include:iterate` has no effect (#282)' },
  'truncated-json': { moment: 'bytes', rate: 0.02, about: 'the JSON stops in the middle, its length agrees' },
  'wrong-content-length': { moment: 'bytes', rate: 0.02, about: 'fewer bytes than content-length announces' },
  'connection-reset': { moment: 'bytes', rate: 0.02, about: 'the connection breaks in mid-answer' },
} as const satisfies Record<string, QuirkKind>;

export type ServerQuirk = keyof typeof quirkKinds;

/** The kind of a quirk by its name. */
export function quirkKind(name: ServerQuirk): QuirkKind {
  return quirkKinds[name];
}

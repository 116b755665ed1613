/** What can go wrong between a gateway and a hospital. */

export type Fault =
  /** The connection breaks and for a while none is taken. */
  | { kind: 'refuse'; ms: number }
  /** The connection is reset after a part of the request, which then never arrives, or of the answer. */
  | { kind: 'reset'; in: 'request' | 'answer'; part: number }
  /** Taken and never answered; the hospital may have got it. */
  | { kind: 'half-open'; reached: boolean }
  /** Request or answer come in small pieces over this time. */
  | { kind: 'slow'; in: 'request' | 'answer'; ms: number }
  /** The answer stops early: under the length that was announced, or under one that hides the cut. */
  | { kind: 'truncate'; part: number; hidden: boolean }
  /** The hospital gets the request twice; the gateway is given one of the two answers. */
  | { kind: 'duplicate'; apartMs: number; answer: 'first' | 'second' }
  /** 429; nothing is carried out. */
  | { kind: 'throttle'; retryAfter: string }
  /** A status of an intermediary, with its page. */
  | { kind: 'status'; status: 500 | 502 | 503 | 504; reached: boolean }
  /** The announced length is wrong by so many bytes. */
  | { kind: 'length'; by: number }
  /** 200 and a web page. */
  | { kind: 'page'; reached: boolean };

export type FaultKind = Fault['kind'];

/** Every kind, in the order in which they are drawn and counted. */
export const faultKinds = [
  ...(['refuse', 'reset', 'half-open', 'slow', 'truncate'] as const),
  ...(['duplicate', 'throttle', 'status', 'length', 'page'] as const),
] satisfies readonly FaultKind[];

/** The page that intermediaries show. */
export const page =
  '<!doctype html><html><title>Proxy</title><body><h1>Service interrompu</h1></body></html>';

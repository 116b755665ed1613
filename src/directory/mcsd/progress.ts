/** How far a reading of an mCSD server is: what a checkpoint says. */
import { GatewayError } from '../../fhir/error.ts';
import type { Json } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import type { ReadAsk, ReadEnd, RecordKind } from '../types.ts';

export type Progress = {
  v: 1;
  mode: 'full' | 'delta';
  since?: string;
  /** The server's time at its first page, ms (MCSD-15). */
  began?: number;
  /** Kinds that are still to be read, the first of them being read. */
  kinds: RecordKind[];
  /** Where the first kind goes on, with what was read of it; its last ids, shortened. */
  next?: string;
  read: number;
  expected?: number;
  tail?: string;
  totals: { kind: RecordKind; read: number; expected?: number }[];
  /** Why it cannot be complete, by kind. */
  short: string[];
};

export function newProgress(mode: Progress['mode'], kinds: readonly RecordKind[], since?: string): Progress {
  return {
    v: 1,
    mode,
    kinds: [...kinds],
    read: 0,
    totals: [],
    short: [],
    ...(since === undefined ? {} : { since }),
  };
}

/** A copy: progress moves on. */
export function checkpointOf(progress: Progress): Json {
  return JSON.parse(JSON.stringify(progress)) as Json;
}

/** Throws `invalid` for what another release or another kind of run wrote. */
export function progressOf({ resume, mode }: { resume: Json; mode: ReadAsk['mode'] }, id: string): Progress {
  if (isObject(resume) && resume['v'] === 1 && resume['mode'] === mode) {
    return structuredClone(resume) as unknown as Progress;
  }
  throw new GatewayError({
    ...{ category: 'invalid', side: 'directory', retryable: false },
    message: `Annuaire « ${id} » : le point de reprise vient d’une autre version ou d’un autre passage. Abandonnez ce passage, puis relancez.`,
  });
}

/** The kind at hand is read; the next one begins. */
export function closeKind(progress: Progress, short?: string): void {
  const kind = progress.kinds.shift()!;
  const { read, expected } = progress;
  progress.totals.push({ kind, read, ...(expected === undefined ? {} : { expected }) });
  if (short !== undefined) progress.short.push(`${kind} : ${short}`);
  progress.read = 0;
  delete progress.next;
  delete progress.expected;
  delete progress.tail;
}

/** An incomplete delta keeps its cursor: what it missed is asked for again (P-11). */
export function endOf(progress: Progress, asked: ReadAsk, id: string): ReadEnd {
  const { began, short, totals, mode } = progress;
  if (began === undefined) {
    throw new GatewayError({
      ...{ category: 'invalid', side: 'directory', retryable: false },
      message: `Annuaire « ${id} » : ses réponses ne portent aucune date ; aucun passage suivant ne saurait d’où partir.`,
    });
  }
  const complete = short.length === 0;
  const cursor = complete || mode === 'full' ? { since: new Date(began).toISOString() } : asked.cursor;
  return {
    ...{ complete, asOf: new Date(began), totals },
    ...(complete ? {} : { incomplete: short.join(' ; ') }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

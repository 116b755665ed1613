/** Every control call: what it takes and what it answers. docs/emulator.md lists them. */
import type { Days } from '../days.ts';
import type { Emulator } from '../emulator.ts';
import type { FilesWriting, FileWish } from '../files-writing.ts';
import type { Quota } from '../http/quota.ts';
import { type ForcedEvent, servedTypes } from '../population/types.ts';
import type { Quirks } from '../quirks/draws.ts';
import { quirkKinds } from '../quirks/names.ts';
import { faultsOf, type ScenarioPart } from '../scenario/check.ts';
import { quirkSettingsOf, type WrittenQuirk } from '../scenario/quirks.ts';
import { quotasOf, type WrittenQuotas } from '../scenario/read.ts';
import type { PageSettings } from '../scenario/types.ts';
import { isDate } from '../scenario/when.ts';
import type { Searches } from '../search/searches.ts';
import { dayMs, type DirectoryTime } from '../time.ts';
import { ControlFault } from './fault.ts';
import { idealLines } from './ideal-lines.ts';

/** What controls read and change. */
export type ControlParts = {
  emulator: Emulator;
  days: Days;
  time: DirectoryTime;
  quirks: Quirks;
  quota: Quota;
  searches: Searches;
  settings: { retryAfter: boolean; max: number; over: 'cap' | 'refuse' };
  /** Folder of the command line, and why the last files could not be written. */
  files: string | undefined;
  filesFault: string | undefined;
  writing: FilesWriting | undefined;
};

/** Answers a JSON value, or lines. */
type Control = (parts: ControlParts, body: unknown, query: URLSearchParams) => unknown;

/** Days that one call may live. */
const mostDays = 3660;

export const controls: Record<string, Partial<Record<string, Control>>> = {
  state: { GET: (parts) => stateOf(parts) },
  day: {
    async POST(parts, body) {
      const days = numberIn(body, 'days', 1, 1, mostDays);
      return told(parts, await lived(parts, days));
    },
  },
  clock: {
    async POST(parts, body) {
      const { time } = parts;
      const { set } = body as { set?: unknown };
      if (isObject(body) && 'speed' in body) time.setSpeed(numberIn(body, 'speed', 1, 0, 1_000_000));
      if (set === undefined) return told(parts, await settled(parts));
      const at = typeof set === 'string' ? Date.parse(isDate(set) ? `${set}T06:00:00Z` : set) : Number.NaN;
      if (Number.isNaN(at)) throw new ControlFault(400, '"set" is a day or an instant');
      if (at < time.now())
        throw new ControlFault(400, 'A directory never goes back: "set" lies before its time');
      if (at > time.now() + mostDays * dayMs)
        throw new ControlFault(400, `At most ${mostDays} days in one call`);
      time.advance(at - time.now());
      return told(parts, await settled(parts));
    },
  },
  quirks: {
    GET: ({ quirks }) => ({ on: quirks.settings(), known: quirkKinds }),
    POST(parts, body) {
      const { population } = parts.emulator;
      const { quirks, content, life } = partsIn<{
        quirks: WrittenQuirk[];
        content: Record<string, number>;
        life: Record<string, number>;
      }>(body, { quirks: 'quirks', content: 'change', life: 'life' });
      if (quirks) parts.quirks.set(quirks.flatMap((one, index) => settingsOf(one, index, parts)));
      population.change({ ...(content ? { quirks: content } : {}), ...(life ? { rates: life } : {}) });
      return { on: parts.quirks.settings(), content: population.quirks, life: population.rates };
    },
  },
  events: {
    POST(parts, body) {
      const { events = [] } = partsIn<{ events: ForcedEvent[] }>(body, { events: 'events' });
      parts.days.force(events);
      return { waiting: events.length };
    },
  },
  reload: {
    async POST(parts) {
      parts.days.force([{ kind: 'reload' }]);
      return told(parts, await lived(parts, 1));
    },
  },
  quotas: {
    GET: ({ quota, settings }) => ({ ...quota.limits(), retryAfter: settings.retryAfter }),
    POST(parts, body) {
      checked('quotas', body);
      const { retryAfter, ...limits } = quotasOf(body as WrittenQuotas, {
        ...parts.quota.limits(),
        retryAfter: parts.settings.retryAfter,
      });
      parts.quota.setLimits(limits);
      parts.settings.retryAfter = retryAfter;
      return { ...limits, retryAfter };
    },
  },
  pages: {
    POST(parts, body) {
      checked('pages', body);
      const { mode, ...limits } = body as Partial<PageSettings>;
      Object.assign(parts.settings, limits);
      if (mode) parts.searches.setMode(mode);
      return { max: parts.settings.max, over: parts.settings.over, mode: parts.searches.mode() };
    },
  },
  ideal: { GET: ({ emulator }, _body, query) => idealLines(emulator.population, query) },
  traffic: {
    GET: ({ emulator }) => ({ ...emulator.traffic(), elsewhere: emulator.elsewhere() }),
    DELETE({ emulator }) {
      emulator.resetTraffic();
      return emulator.traffic();
    },
  },
  files: {
    async POST({ files, writing }, body) {
      checked('files', body);
      const { folder = files, ...wish } = body as FileWish & { folder?: string };
      if (folder === undefined) throw new ControlFault(400, '"folder" is wanted');
      if (!writing) throw new ControlFault(404, 'This emulator writes no files');
      return { files: await writing.write(folder, wish).catch(cannotWrite) };
    },
  },
  journal: { GET: ({ emulator }) => ({ days: emulator.journal() }) },
};

/** Whole days, each when the files of the one before are written. */
async function lived({ days, writing }: ControlParts, count: number): Promise<object[]> {
  const told: object[] = [];
  for (let day = 0; day < count; day += 1) {
    await writing?.idle();
    told.push(...days.advance(1));
  }
  return told;
}

/** Every day that time has reached, each when the files of the one before are written. */
async function settled({ days, writing }: ControlParts): Promise<object[]> {
  const told: object[] = [];
  for (;;) {
    await writing?.idle();
    const lived = days.settle();
    if (lived.length === 0) return told;
    told.push(...lived);
  }
}

function cannotWrite(error: unknown): never {
  const code = (error as { code?: string }).code;
  throw new ControlFault(500, `The files could not be written${code ? ` (${code})` : ''}`);
}

function stateOf({ emulator, time, quota, quirks, searches, settings, filesFault }: ControlParts): object {
  const { population } = emulator;
  return {
    ...{ base: emulator.base, seed: population.seed, date: population.day },
    day: population.dayNumber - population.startNumber,
    now: new Date(time.now()).toISOString(),
    speed: time.speed(),
    served: Object.fromEntries(servedTypes.map((type) => [type, population.served(type)])),
    quotas: {
      ...quota.limits(),
      left: quota.left(emulator.key, emulator.clock()),
      retryAfter: settings.retryAfter,
    },
    pages: { max: settings.max, over: settings.over, mode: searches.mode() },
    quirks: quirks.settings(),
    content: population.quirks,
    life: population.rates,
    elsewhere: emulator.elsewhere().origin,
    ...(filesFault ? { filesFault } : {}),
  };
}

function told({ emulator, time }: ControlParts, days: readonly object[]): object {
  const { population } = emulator;
  return {
    date: population.day,
    day: population.dayNumber - population.startNumber,
    now: new Date(time.now()).toISOString(),
    lived: days,
  };
}

function settingsOf(written: WrittenQuirk, index: number, { emulator: { population } }: ControlParts) {
  const { settings, wrong } = quirkSettingsOf(written, population.dateOf(population.startNumber));
  if (!wrong) return settings;
  const message = `« ${wrong} » : ce jour ou cet instant n’existe pas, ou « to » précède « from ».`;
  throw new ControlFault(400, 'The body has faults', [{ pointer: `/quirks/${index}/${wrong}`, message }]);
}

/** The named parts of a body, each held against the schema of scenarios; others are refused. */
function partsIn<T>(body: unknown, parts: Record<string, ScenarioPart>): Partial<T> {
  if (!isObject(body) || Object.keys(body).some((name) => !Object.hasOwn(parts, name))) {
    throw new ControlFault(400, `The body is an object with ${Object.keys(parts).join(', ')}`);
  }
  for (const [name, value] of Object.entries(body)) checked(parts[name]!, value, `/${name}`);
  return body as Partial<T>;
}

function checked(part: ScenarioPart, value: unknown, at = ''): void {
  const faults = faultsOf(value, part).map(({ pointer, message }) => ({ pointer: at + pointer, message }));
  if (faults.length) throw new ControlFault(400, 'The body has faults', faults);
}

function numberIn(body: unknown, name: string, absent: number, least: number, most: number): number {
  const value = isObject(body) ? (body[name] ?? absent) : undefined;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new ControlFault(400, `"${name}" is a number from ${least} to ${most}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

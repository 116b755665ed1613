/** Which settings strike now. The same seed and the same requests draw the same, whatever runs beside them. */
import { createHash } from 'node:crypto';
import { quirkKind, type ServerQuirk } from './names.ts';

/** One quirk that is on, for a while or for good. */
export type QuirkSetting = {
  name: ServerQuirk;
  /** Share of what it can strike, 0 to 1. */
  rate?: number;
  /** Strikes each n-th instead of drawing. */
  every?: number;
  /** Strikes so many times at most. */
  times?: number;
  /** Instants of the directory between which it is on, ms; absent: open. */
  from?: number;
  to?: number;
  /** Only for requests about these types. */
  types?: readonly string[];
  ms?: number;
  over?: number;
};

/** What a quirk may strike: a request, or a page of a search. `draw` is what makes one draw differ from the next. */
export type Target = { at: number; type: string | undefined; draw: string };

export type Struck = { name: ServerQuirk; ms: number; over: number };

export type Quirks = {
  /** The setting by that name, when it strikes this target. */
  strikes(name: ServerQuirk, target: Target): Struck | undefined;
  /** Whether such a setting is on at all, without drawing. */
  isOn(name: ServerQuirk, target: Omit<Target, 'draw'>): Struck | undefined;
  settings(): QuirkSetting[];
  set(settings: readonly QuirkSetting[]): void;
};

export function createQuirks(seed: number, settings: readonly QuirkSetting[]): Quirks {
  let current: { setting: QuirkSetting; seen: number; struck: number }[] = [];
  const set = (next: readonly QuirkSetting[]): void => {
    current = next.map((setting) => ({ setting, seen: 0, struck: 0 }));
  };
  set(settings);
  const isOpen = ({ from, to, types }: QuirkSetting, { at, type }: Omit<Target, 'draw'>): boolean =>
    at >= (from ?? -Infinity) && at < (to ?? Infinity) && (!types || (!!type && types.includes(type)));
  return {
    strikes(name, target) {
      for (const one of current) {
        if (one.setting.name !== name || !isOpen(one.setting, target)) continue;
        const { every, times } = one.setting;
        one.seen += 1;
        if (times !== undefined && one.struck >= times) continue;
        const rate = one.setting.rate ?? (times === undefined ? quirkKind(name).rate : 1);
        const drawn =
          every === undefined ? share(`${seed}|${name}|${target.draw}`) < rate : one.seen % every === 0;
        if (!drawn) continue;
        one.struck += 1;
        return numbersOf(one.setting);
      }
      return undefined;
    },
    isOn(name, target) {
      const found = current.find(({ setting }) => setting.name === name && isOpen(setting, target));
      return found && numbersOf(found.setting);
    },
    settings: () => current.map(({ setting }) => ({ ...setting })),
    set,
  };
}

function numbersOf({ name, ms, over }: QuirkSetting): Struck {
  const kind = quirkKind(name);
  return { name, ms: ms ?? kind.ms ?? 0, over: over ?? kind.over ?? 0 };
}

/** A number in [0, 1) from a text. */
function share(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

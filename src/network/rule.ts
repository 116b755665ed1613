/** Rules of a network kind, as `mappings/<kind>/rules.yaml` states them (form: mappings/rules.schema.json). */

type Values = Readonly<Record<string, readonly string[]>>;

/** Items of a list whose fields have one of the values given. */
type Matching = { list: string; where: Values };

/** `list` and `fields` are paths in the network, steps separated by `/`; `by`, `field`, `has` are fields of an item. */
export type Rule = { id: string; message: string; severity?: 'error' | 'warning' } & (
  | {
      rule: 'at-least';
      list: string;
      min: number;
      where?: Values;
      has?: readonly string[];
      unless?: Values;
      when?: Matching;
    }
  | { rule: 'one-of'; fields: readonly string[] }
  | { rule: 'in-order'; list: string; by: string }
  | { rule: 'sequence'; list: string; by: string; order: readonly string[] }
  | { rule: 'one-at-a-time'; list: string; by: string }
  | { rule: 'refers-back'; list: string; by: string }
  | { rule: 'requires'; list: string; has?: readonly string[]; where?: Values; field: string }
  | { rule: 'no-circle'; list: string; by: string }
  | {
      rule: 'apart';
      list: string;
      by: string;
      where?: Values;
      lacking?: readonly string[];
      others: string;
      other: string;
      current?: true;
    }
  | { rule: 'excludes'; list: string; where?: Values; has?: readonly string[]; field: string }
  | { rule: 'not-before'; list: string; by: string; after: string }
  | { rule: 'not-over'; list: string; by: string }
  | { rule: 'same-as'; list: string; by: string; through: string; others: string }
  | { rule: 'places'; what: 'known' | 'named' | 'in-region' }
  | { rule: 'territories-apart' }
  | { rule: 'region-covered'; partly?: true }
  | { rule: 'seated'; list: string; of: string; by: string; minimum: string; among: string }
  | { rule: 'within'; list: string; field: string; others: string; by: string }
  | { rule: 'used'; list: string; others: string; field: string }
  | { rule: 'represented'; values: string; list: string; field: string }
  | {
      rule: 'ratio';
      list: string;
      part: string;
      whole: string;
      min?: number;
      max?: number;
      after?: Matching & { date: string; years: number; by: string };
    }
);

export type RuleOf<Name extends Rule['rule']> = Extract<Rule, { rule: Name }>;

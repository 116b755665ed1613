import type { Communes } from './communes.ts';

/**
 * INSEE codes under which a territory may name the commune of an address or a code: the commune, the city that a municipal
 * arrondissement is part of, the arrondissement that the postal code names. Empty when it is not clear which commune is meant.
 */
export function communesIn(communes: Communes, text: string): string[] {
  const found = communes.ofText(text);
  const [first] = found;
  if (!first) return [];
  const cities = found.filter(({ insee }) => communes.arrondissementsOf(insee).length > 0);
  const city = cities[0] ?? communes.byCode(first.insee);
  const parts = city ? communes.arrondissementsOf(city.insee) : [];
  if (found.length > 1 && !found.every(({ insee }) => insee === city?.insee || parts.includes(insee)))
    return [];
  const postal = /[0-9]{5}/.exec(text)?.[0] ?? '';
  const named = parts.filter((part) => communes.byCode(part)?.postalCodes.includes(postal));
  const parents = cityOf(communes, first);
  return [...new Set([...found.map(({ insee }) => insee), ...named, ...parents])];
}

/** The city of « Lyon 3e Arrondissement ». */
function cityOf(communes: Communes, { name, insee }: { name: string; insee: string }): string[] {
  const [, city] = /^(.+) \d+er? Arrondissement$/.exec(name) ?? [];
  if (city === undefined) return [];
  const parents = communes
    .ofText(city)
    .filter((one) => communes.arrondissementsOf(one.insee).includes(insee));
  return parents.map((one) => one.insee);
}

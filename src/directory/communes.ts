/** Communes by INSEE code, name and postal code, as `mappings/communes.csv` lists them (INSEE, code officiel géographique). */

export type Commune = { insee: string; name: string; postalCodes: readonly string[] };

export type Communes = {
  byCode(insee: string): Commune | undefined;
  /** Codes of a city as an address writes it. A postal code of a CEDEX is of no commune: then its département tells. */
  ofAddress(city: string, postalCode?: string): string[];
  /** What people type: an INSEE code, a name, a postal code, or name and postal code; several where it is not clear. */
  ofText(text: string): Commune[];
  /** Codes of the municipal arrondissements of a city: addresses and FINESS name them, people name the city. */
  arrondissementsOf(insee: string): string[];
};

/** `text`: the content of the file. */
export function communesFrom(text: string): Communes {
  const all = text
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line): Commune => {
      const [insee = '', name = '', codes = ''] = line.split(';');
      return { insee, name, postalCodes: codes ? codes.split(' ') : [] };
    });
  const byInsee = new Map(all.map((one) => [one.insee, one]));
  const byName = Map.groupBy(all, ({ name }) => plain(name));
  const named = (city: string): Commune[] => byName.get(plain(city)) ?? [];

  const ofAddress = (city: string, postalCode?: string): string[] => {
    const same = named(city);
    const exact = same.filter(({ postalCodes }) => postalCode && postalCodes.includes(postalCode));
    const near = same.filter(({ insee }) => postalCode && departmentOf(insee) === departmentOf(postalCode));
    const found = exact.length ? exact : postalCode ? near : same;
    return found.length === 1 ? [found[0]!.insee] : [];
  };

  return {
    byCode: (insee) => byInsee.get(insee),
    ofAddress,
    arrondissementsOf(insee) {
      const city = byInsee.get(insee);
      const form = /^(.+) \d+er? Arrondissement$/;
      const isPart = ({ name }: Commune): boolean => form.exec(name)?.[1] === city?.name;
      return city ? all.filter(isPart).map((one) => one.insee) : [];
    },
    ofText(given) {
      const [, postal] = /(?:^|\s)([0-9]{5})(?:\s|$)/.exec(given) ?? [];
      const name = given.replace(postal ?? '', '').trim();
      const code = byInsee.get(given.trim().toUpperCase());
      if (code) return [code];
      const found = name ? named(name) : all;
      return postal ? found.filter(({ postalCodes }) => postalCodes.includes(postal)) : name ? found : [];
    },
  };
}

/** A name without accents, capitals, signs and CEDEX; SAINT in full, as postal addresses shorten it. */
function plain(name: string): string {
  return name
    .replaceAll(/œ/gi, 'oe')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\bcedex\b.*$/, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map((word) => (word === 'st' ? 'saint' : word === 'ste' ? 'sainte' : word))
    .join(' ');
}

/** Département of an INSEE or postal code; Corsica is 20 in postal codes. */
function departmentOf(code: string): string {
  if (code.startsWith('97') || code.startsWith('98')) return code.slice(0, 3);
  return code.slice(0, 2).replace(/2[AB]/, '20');
}

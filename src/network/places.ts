/** Regions and départements as `mappings/places.json` lists them (INSEE's code officiel géographique). */

export type Region = { nom: string; departements: Readonly<Record<string, string>> };

export type Places = {
  /** By the word that network files use. */
  regions: ReadonlyMap<string, Region>;
  /** By code: the name, and the word of the region. */
  departments: ReadonlyMap<string, { name: string; region: string }>;
};

/** `definition`: the content of `mappings/places.json`. */
export function placesOf(definition: { regions?: Readonly<Record<string, Region>> }): Places {
  const regions = new Map(Object.entries(definition.regions ?? {}));
  const departments = [...regions].flatMap(([region, { departements }]) =>
    Object.entries(departements).map(([code, name]) => [code, { name, region }] as const),
  );
  return { regions, departments: new Map(departments) };
}

/** The département of a commune, by its INSEE code: two characters, three overseas (97x). */
export function departmentOf(insee: string): string {
  return insee.slice(0, insee.startsWith('97') ? 3 : 2);
}

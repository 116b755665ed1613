/** The manifest that users of the package get: no Node of its own, no development parts, Node 24 asked for. */

export type Manifest = Record<string, unknown> & {
  engines?: Record<string, string>;
  scripts?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/** The published manifest of a checkout's. Its scripts go: they call files that a package does not carry. */
export function publishedManifest(checkout: Manifest): Manifest {
  const { devDependencies: _dev, scripts: _scripts, optionalDependencies = {}, ...rest } = checkout;
  const optional = Object.entries(optionalDependencies).filter(
    ([name]) => !/^node-(bin-)?\w+-\w+$/.test(name),
  );
  return {
    ...rest,
    engines: { node: '>=24' },
    ...(optional.length ? { optionalDependencies: Object.fromEntries(optional) } : {}),
  };
}

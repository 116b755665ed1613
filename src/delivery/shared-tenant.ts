/**
 * The tenant of what no tenant owns: a directory copy is written once per business identifier and server, whoever
 * needs it, and what a server already has under a national identifier is pointed to by all (identity.md). Their
 * reference and deployed rows carry this name, which no credential can have. Everything else stays with its tenant.
 */
export const sharedTenant = '*';

/** Tenants whose reference rows may be used when something of `tenant` is sent: its own first. */
export function visibleTenants(tenant: string): string[] {
  return [tenant, sharedTenant];
}

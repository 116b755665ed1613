/** `/fhir/.well-known/smart-configuration` (SBS-01): where tokens are had and how clients prove themselves. */
import { assertionAlgorithms } from './assertion.ts';
import { adminScope } from './scopes.ts';

/** Path of the token endpoint below the public base. */
export const tokenPath = '/auth/token';

/** The discovery document for a gateway at `base` (no trailing slash). */
export function smartConfiguration(base: string): Record<string, unknown> {
  return {
    issuer: `${base}/fhir`,
    token_endpoint: `${base}${tokenPath}`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    scopes_supported: ['system/*.rs', 'system/*.cruds', adminScope],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  };
}

import { hasErrors, type Issue } from '../../src/fhir/issue.ts';

export { hasErrors };

export const isError = ({ severity }: Issue): boolean => severity === 'error' || severity === 'fatal';

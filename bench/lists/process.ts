/** One measurement of LIST: `node process.ts NETWORK` maps it page by page and prints the most memory the system lent, in MiB. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasErrors } from '../../src/fhir/issue.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { mapPaged } from '../../src/gateway/map-paged.ts';

const main = pathToFileURL(join(import.meta.dirname, '../../src/main.ts')).href;
const knowledge = createKnowledge(shippedFolders(main));
let written = 0;
const result = await mapPaged(process.argv[2]!, knowledge, '2026-11-22', async (resource) => {
  written += JSON.stringify(resource).length;
});
if (!result || hasErrors(result.issues) || written === 0) throw new Error('not mapped');
console.log(process.resourceUsage().maxRSS / 1024);

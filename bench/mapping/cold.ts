/** Reads and compiles the mapping once, in a process that has done nothing else, and prints how many milliseconds it took. */
import { compile, readDefinition } from './engine.ts';

const start = performance.now();
compile(readDefinition());
process.stdout.write(String(performance.now() - start));

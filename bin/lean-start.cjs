/*
 * A gateway that starts reads three million characters of code and rules that it never reads again. As V8 is set by default it
 * makes room for this as if it would go on: 30 MiB that a waiting gateway keeps. `fullSpeed` (src/full-speed.ts) ends it when the
 * gateway is ready. ES5, as the launcher.
 */
'use strict';
var setFlag = require('v8').setFlagsFromString;

setFlag('--semi-space-growth-factor=1'); /* the nursery stays at its first size */
setFlag('--optimize-for-size'); /* the heap grows in small steps */
setFlag('--no-opt'); /* what is run some thousand times while starting is not worth a compiler */

/* Apart from the launcher: `import()` does not parse on the Node versions that the launcher must still greet. */
'use strict';
var url = require('url');

module.exports = function load(file) {
  import(url.pathToFileURL(file).href).catch(function (error) {
    console.error(error);
    process.exitCode = 1;
  });
};

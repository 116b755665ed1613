/* Kept apart from the launcher because `import()` does not parse on the Node versions the launcher must still greet. */
'use strict';
var url = require('url');

module.exports = function load(file) {
  import(url.pathToFileURL(file).href).catch(function (error) {
    console.error(error);
    process.exitCode = 1;
  });
};

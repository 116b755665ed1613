#!/usr/bin/env node
/*
 * Launcher. Written so that any Node can parse it: it finds a Node that can run Passerelle, or says what is needed.
 * In a checkout the TypeScript sources run as they are; an installed package carries the bundle in dist/.
 */
'use strict';
var fs = require('fs');
var path = require('path');
var spawn = require('child_process').spawn;

var NEEDED = 24;
var root = path.join(__dirname, '..');
var source = path.join(root, 'src', 'main.ts');
var bundle = path.join(root, 'dist', 'main.js');
var entry = fs.existsSync(source) ? source : bundle;

function majorOf(version) {
  return Number(version.replace(/^v/, '').split('.')[0]);
}

/* Node 24 as a checkout gets it: an optional dependency for this platform. */
function bundledNode() {
  var names = [
    'node-' + process.platform.replace('win32', 'win') + '-' + process.arch,
    'node-bin-' + process.platform + '-' + process.arch,
  ];
  for (var i = 0; i < names.length; i += 1) {
    var binary = path.join(root, 'node_modules', names[i], 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (fs.existsSync(binary)) return binary;
  }
  return undefined;
}

function start(binary) {
  var child = spawn(binary, [entry].concat(process.argv.slice(2)), { stdio: 'inherit' });
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal); /* a signal that came twice (Ctrl-C reaches the whole group) is one request to stop */
    });
  });
  child.on('exit', function (code, signal) {
    process.exitCode = signal ? 1 : code;
  });
}

if (!fs.existsSync(entry)) {
  console.error('passerelle : ni sources ni dist/ ici. Dans un dépôt : npm ci ; pour un paquet : npm run build.');
  process.exitCode = 2;
} else if (majorOf(process.version) >= NEEDED) {
  /* import() as an expression would not parse on very old versions, hence a child only when it is needed. */
  process.argv[1] = entry;
  require('./import.cjs')(entry);
} else if (bundledNode()) {
  start(bundledNode());
} else {
  console.error(
    'passerelle demande Node ' + NEEDED + ' ou plus récent ; ce terminal exécute Node ' + process.version + '.\n' +
      'Installez Node ' + NEEDED + ' (https://nodejs.org) puis relancez la même commande.',
  );
  process.exitCode = 2;
}

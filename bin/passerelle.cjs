#!/usr/bin/env node
/*
 * Launcher, in ES5 so that any Node can parse it: it finds a Node that can run Passerelle, or says what is needed.
 * In a checkout the TypeScript sources run as they are; an installed package carries the bundle in dist/.
 */
'use strict';
var fs = require('fs');
var path = require('path');
var spawn = require('child_process').spawn;

var needed = 24;
var root = path.join(__dirname, '..');
var source = path.join(root, 'src', 'main.ts');
var bundle = path.join(root, 'dist', 'main.js');
var isCheckout = fs.existsSync(source);
var entry = isCheckout ? source : bundle;

/* Node 24 as a checkout gets it: an optional dependency for this platform, under one of two naming habits. */
function bundledNode() {
  var platform = process.platform === 'win32' ? 'win' : process.platform;
  var file = process.platform === 'win32' ? 'node.exe' : 'node';
  var names = ['node-' + platform + '-' + process.arch, 'node-bin-' + platform + '-' + process.arch];
  for (var i = 0; i < names.length; i += 1) {
    var binary = path.join(root, 'node_modules', names[i], 'bin', file);
    if (fs.existsSync(binary)) return binary;
  }
  return undefined;
}

function refuse(lines) {
  console.error(lines.join('\n'));
  process.exitCode = 2;
}

function refuseVersion() {
  var lines = ['passerelle demande Node ' + needed + ' ou plus récent ; ici Node ' + process.version + '.'];
  lines.push('Installez Node ' + needed + ' (https://nodejs.org) puis relancez la même commande.');
  if (isCheckout) {
    lines.push('Dans ce dépôt, « npm ci » (sans --omit=optional) apporte aussi Node ' + needed + '.');
  }
  refuse(lines);
}

function startWith(binary) {
  var given = process.argv.slice(2);
  var lean = given[0] === 'serve' ? ['--require', path.join(__dirname, 'lean-start.cjs')] : [];
  var child = spawn(binary, lean.concat(entry, given), { stdio: 'inherit' });
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal); /* Ctrl-C reaches the child twice: for the program that is one request to stop */
    });
  });
  child.on('error', refuseVersion); /* a binary that this machine cannot run, as on musl */
  child.on('exit', function (code, signal) {
    process.exitCode = signal ? 128 + require('os').constants.signals[signal] : code;
  });
}

if (!fs.existsSync(entry)) {
  refuse(['passerelle : ni src/ ni dist/ ici. Dans un dépôt, « npm run build » construit dist/.']);
} else if (isCheckout && !fs.existsSync(path.join(root, 'node_modules'))) {
  refuse(['passerelle : les dépendances manquent. Lancez d’abord « npm ci » dans ce dépôt.']);
} else if (Number(process.version.slice(1).split('.')[0]) >= needed) {
  process.argv[1] = entry;
  if (process.argv[2] === 'serve') require('./lean-start.cjs');
  require('./import.cjs')(entry);
} else if (bundledNode()) {
  startWith(bundledNode());
} else {
  refuseVersion();
}

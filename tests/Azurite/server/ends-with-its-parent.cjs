// Loaded before Azurite. The tests hold its standard input: when that closes because they were killed, it ends, and its folder with it.
const { rmSync } = require('fs');
const Loki = require('lokijs');

function end() {
  const location = process.argv[process.argv.indexOf('--location') + 1];
  rmSync(location, { recursive: true, force: true });
  process.exit(0);
}

process.stdin.on('end', end).on('error', end).resume();

// Azure has written down what it has answered; Azurite does so every five seconds, in which a kill would lose what no cloud loses.
const autosaveEnable = Loki.prototype.autosaveEnable;
Loki.prototype.autosaveEnable = function (options, callback) {
  this.autosaveInterval = 100;
  return autosaveEnable.call(this, options, callback);
};

// Loaded before Azurite. The tests hold its standard input: when that closes, because they want it or because they were killed, it ends.
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();

// Azure has written down what it has answered; Azurite does so every five seconds, in which a kill would lose what no cloud loses.
const Loki = require('lokijs');
const autosaveEnable = Loki.prototype.autosaveEnable;
Loki.prototype.autosaveEnable = function (options, callback) {
  this.autosaveInterval = 100;
  return autosaveEnable.call(this, options, callback);
};

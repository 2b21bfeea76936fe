// Loaded before Azurite. The tests hold its standard input: when that closes because they were killed, it ends, and its folder with it.
const { renameSync, rmSync, writeFileSync } = require('fs');
const Loki = require('lokijs');

function end() {
  const location = process.argv[process.argv.indexOf('--location') + 1];
  // What is being written may put a file there meanwhile.
  rmSync(location, { recursive: true, force: true, maxRetries: 10 });
  process.exit(0);
}

// A line is the wish for a kill -9. Azure has written down what it has answered; Azurite does so every five seconds, in which a kill would
// lose what no cloud loses. So all of that is written here, and nothing more is answered between that and the kill.
function kill() {
  databases.forEach(database => database.saveDatabase());
  process.kill(process.pid, 'SIGKILL');
}

process.stdin.on('data', kill).on('end', end).on('error', end);

const databases = new Set();
const autosaveEnable = Loki.prototype.autosaveEnable;
Loki.prototype.autosaveEnable = function (options, callback) {
  databases.add(this);
  return autosaveEnable.call(this, options, callback);
};

// Written at once: a save that was still under way would end after the kill's, or never.
Loki.LokiFsAdapter.prototype.saveDatabase = function (file, content, callback) {
  writeFileSync(`${file}~`, content);
  renameSync(`${file}~`, file);
  callback();
};

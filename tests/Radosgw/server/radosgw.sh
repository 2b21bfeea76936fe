#!/usr/bin/env bash
# An S3 server of one's own: radosgw, with the smallest Ceph cluster behind it: one monitor and one store in memory, all on loopback.
#
#   radosgw.sh FOLDER MONITOR_PORT S3_PORT ACCESS_KEY SECRET_KEY
#
# It says "ready" when it is. When its standard input ends, because who started it has ended, it ends, too, and its folder with it.
set -euo pipefail

fsid=$(</proc/sys/kernel/random/uuid)
readonly fsid folder=$1 monitor_port=$2 s3_port=$3 access_key=$4 secret_key=$5
export CEPH_CONF=$folder/ceph.conf

end() {
  local code=$? running
  trap - EXIT INT TERM
  ((code == 0)) || cat "$folder/log" >&2
  mapfile -t running < <(jobs -p)
  ((${#running[@]} == 0)) || kill -s KILL "${running[@]}" 2>/dev/null || true
  wait
  rm -rf -- "$folder"
}
trap end EXIT INT TERM

# daemon PROGRAM ARGUMENT…: beside this script, and never longer than it.
daemon() {
  setpriv --pdeathsig KILL -- "$@" --foreground </dev/null >>"$folder/log" 2>&1 &
}

# quietly COMMAND…: what it says is for the log.
quietly() {
  "$@" </dev/null >>"$folder/log" 2>&1
}

# key ENTITY [CAPABILITY VALUE]…
key() {
  local entity=$1 capabilities=()
  shift
  while (($# > 0)); do
    capabilities+=(--cap "$1" "$2")
    shift 2
  done
  quietly ceph-authtool "$folder/keyring" --gen-key --name "$entity" "${capabilities[@]}"
}

# Agreement of a single monitor needs no second of waiting, which it would do at each step.
mkdir -- "$folder/mon" "$folder/osd"
cat >"$CEPH_CONF" <<CONF
[global]
fsid = $fsid
public addr = 127.0.0.1
cluster addr = 127.0.0.1
mon host = [v2:127.0.0.1:$monitor_port/0]
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $folder/keyring
run dir = $folder
admin socket =
log to file = false
log to stderr = false
mon cluster log to file = false
mon data = $folder/mon
mon data avail crit = 0
mon allow pool size one = true
paxos propose interval = 0.05
paxos min wait = 0.01
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
rgw frontends = beast endpoint=127.0.0.1:$s3_port
CONF

quietly ceph-authtool --create-keyring "$folder/keyring"
key mon. mon 'allow *'
key client.admin mon 'allow *' osd 'allow *'
key client.rgw mon 'allow rw' osd 'allow rwx'
key osd.0 mon 'allow profile osd' osd 'allow *'
quietly monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor_port]" "$folder/monmap"
quietly ceph-mon --id a --mkfs --monmap "$folder/monmap" --keyring "$folder/keyring"
daemon ceph-mon --id a
quietly ceph --connect-timeout 120 auth import -i "$folder/keyring"
quietly ceph osd new "$fsid" 0
quietly ceph-osd --id 0 --mkfs --osd-uuid "$fsid"
daemon ceph-osd --id 0
quietly radosgw-admin user create --uid=tests --display-name=tests --access-key="$access_key" --secret-key="$secret_key"
daemon radosgw --name client.rgw
gateway=$!
until (: <"/dev/tcp/127.0.0.1/$s3_port") 2>/dev/null; do
  kill -s 0 "$gateway"
  sleep 0.05
done
echo ready
while read -r _; do :; done

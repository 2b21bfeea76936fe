#!/usr/bin/env bash
# What the launcher promises, with the real ./wantalk in a small checkout of its own. dotnet, apt-get and ffmpeg are stand-ins that write
# down how they were called, so that this takes seconds and needs no network.
set -euo pipefail

launcher=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../../wantalk
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
readonly launcher scratch checkout="$scratch/a check out" tools=$scratch/tools caller="$scratch/the caller"
export STUB_LOG=$scratch/calls
failures=0

# --- the stage ---

stub() {
  cat >"$tools/$1"
  chmod +x "$tools/$1"
}

set_stage() {
  rm -rf -- "${scratch:?}"/*
  mkdir -p "$checkout/src/Local" "$checkout/tests/A.Tests" "$checkout/tests/B.Tests" "$checkout/tests/Empty.Tests" "$checkout/.ci" \
    "$checkout/tests/Launcher" "$checkout/tests/NodePack" "$checkout/tests/Image" "$tools" "$caller"
  cp "$launcher" "$checkout/wantalk"
  touch "$checkout/global.json" "$checkout/Directory.Build.props" "$checkout/src/Local/Program.cs" "$STUB_LOG"
  for project in A B Empty; do touch "$checkout/tests/$project.Tests/$project.Tests.csproj"; done
  touch "$checkout/tests/A.Tests/Specs.cs" "$checkout/tests/B.Tests/Specs.cs"
  local tool
  for tool in bash env cat rm mkdir dirname basename readlink find sort sha256sum flock grep sleep touch chmod cp sed tail; do
    ln -s "$(command -v "$tool")" "$tools/$tool"
  done
  for tool in ffmpeg espeak-ng shellcheck npm jq openssl radosgw ceph-mon ceph-osd ceph chromium; do stub "$tool" <<<'#!/usr/bin/env bash'; done

  stub dotnet <<'STUB'
#!/usr/bin/env bash
case $1 in
  --list-sdks) echo '10.0.100 [/usr/share/dotnet/sdk]' ;;
  format) echo "format" >>"$STUB_LOG" ;;
  build)
    echo "build $2" >>"$STUB_LOG"
    if [[ -n ${STUB_BROKEN-} ]]; then echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1; fi
    echo 'noise of the build'
    sleep 0.1
    for program in Local Understudy; do
      mkdir -p "$WANTALK_PROGRAMS/$program/release"
      touch "$WANTALK_PROGRAMS/$program/release/WanTalk.$program.dll"
    done
    for tests in A B; do
      mkdir -p "$WANTALK_PROGRAMS/$tests.Tests/release"
      cp "$STUB_TESTS" "$WANTALK_PROGRAMS/$tests.Tests/release/WanTalk.$tests.Tests"
    done
    ;;
  *)
    printf 'program %s\nfolder %s\n' "${1##*/}" "$PWD"
    echo "process $$" >>"$STUB_LOG"
    shift
    printf 'argument %s\n' "$@"
    exit "${STUB_EXIT-0}"
    ;;
esac
STUB

  export STUB_TESTS=$scratch/tests
  cat >"$STUB_TESTS" <<'STUB'
#!/usr/bin/env bash
name=${0##*/WanTalk.}
variable=STUB_${name%.Tests}
read -r total passed failed code <<<"${!variable-3 2 0 0}"
echo "tests $name $*" >>"$STUB_LOG"
[[ $total != killed ]] || kill -9 $$
while (($# > 0)) && [[ $1 != --results-directory ]]; do shift; done
results='<UnitTestResult testName="Glad" outcome="Passed" />'
((failed == 0)) || results+='<UnitTestResult testName="Sad(&quot;x&quot;)" outcome="Failed" id="1"><Output><ErrorInfo><Message>1 &lt; 0
was expected</Message><StackTrace>at Sad</StackTrace></ErrorInfo></Output></UnitTestResult>'
echo "<TestRun><Results>$results</Results><Counters total=\"$total\" executed=\"0\" passed=\"$passed\" failed=\"$failed\" notExecuted=\"0\" /></TestRun>" >"$2/$name.trx"
exit "$code"
STUB
  chmod +x "$STUB_TESTS"

  cat >"$checkout/tests/NodePack/run" <<'STUB'
#!/usr/bin/env bash
read -r passed failed code <<<"${STUB_PACK-0 0 1}"
echo 'what it says'
echo "$passed passed, $failed failed, 1 skipped"
exit "$code"
STUB
  chmod +x "$checkout/tests/NodePack/run"
  printf '#!/usr/bin/env bash\necho "0 passed, 0 failed, 0 skipped"\n' >"$checkout/tests/Image/check.sh"
  chmod +x "$checkout/tests/Image/check.sh"
}

# wantalk ARGUMENT…: what a person types, in a folder of theirs. Leaves $code, and the streams in $scratch/out and $scratch/err.
wantalk() {
  code=0
  (cd "$caller" && PATH=$tools "$checkout/wantalk" "$@") >"$scratch/out" 2>"$scratch/err" || code=$?
}

# expect WHAT ACTUAL EXPECTED
expect() {
  [[ $2 == "$3" ]] || {
    printf 'FAILED %s: %s\n  expected: %q\n  but was:  %q\n' "$spec" "$1" "$3" "$2"
    ((failures += 1))
  }
}

# expect_part WHAT ACTUAL PART
expect_part() {
  [[ $2 == *"$3"* ]] || {
    printf 'FAILED %s: %s\n  expected in it: %q\n  but was:        %q\n' "$spec" "$1" "$3" "$2"
    ((failures += 1))
  }
}

builds() {
  grep -c '^build src/Local$' "$STUB_LOG" || true
}

# --- the specifications ---

the_first_start_builds_and_passes_everything_on() {
  STUB_EXIT=130 wantalk talk 'my portrait.png' '' --out '*.mp4'
  expect 'exit code' "$code" 130
  expect 'stderr' "$(<"$scratch/err")" 'wantalk: building…'
  expect 'stdout' "$(<"$scratch/out")" "$(printf '%s\n' 'program WanTalk.Local.dll' "folder $caller" \
    'argument talk' 'argument my portrait.png' 'argument ' 'argument --out' 'argument *.mp4')"
}

the_next_start_builds_nothing_and_says_nothing() {
  wantalk doctor
  wantalk understudy --port 8188
  expect 'stderr' "$(<"$scratch/err")" ''
  expect 'stdout' "$(head -n 1 "$scratch/out")" 'program WanTalk.Understudy.dll'
  expect 'builds' "$(builds)" 1
}

a_source_that_is_changed_added_or_deleted_is_built() {
  wantalk doctor
  touch -d '1 hour ago' "$checkout/src/Local/Program.cs"
  wantalk doctor
  expect 'builds after an old file was put there' "$(builds)" 2
  echo >"$checkout/src/Local/New.cs"
  wantalk doctor
  expect 'builds after a file was added' "$(builds)" 3
  rm "$checkout/src/Local/New.cs"
  wantalk doctor
  expect 'builds after a file was deleted' "$(builds)" 4
  echo >"$checkout/global.json"
  wantalk doctor
  expect 'builds after global.json was changed' "$(builds)" 5
  rm -r "$checkout/artifacts/bin/Local"
  wantalk doctor
  expect 'builds after the program was deleted' "$(builds)" 6
}

what_python_leaves_beside_the_sources_is_not_built() {
  wantalk doctor
  mkdir "$checkout/src/Local/__pycache__"
  touch "$checkout/src/Local/__pycache__/nodes.pyc"
  wantalk doctor
  expect 'builds' "$(builds)" 1
}

the_launcher_becomes_the_program() {
  PATH=$tools "$checkout/wantalk" doctor >/dev/null 2>&1 &
  local launched=$!
  wait "$launched"
  expect 'process' "$(grep '^process' "$STUB_LOG")" "process $launched"
}

many_starts_at_once_build_once() {
  local pids=() pid
  for _ in 1 2 3 4 5 6 7 8; do
    (cd "$caller" && PATH=$tools "$checkout/wantalk" doctor) >/dev/null 2>>"$scratch/err" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || expect 'exit code' "$?" 0; done
  expect 'builds' "$(builds)" 1
}

a_build_that_fails_is_shown_and_tried_again() {
  STUB_BROKEN=1 wantalk talk a b
  expect 'exit code' "$code" 1
  expect 'stdout' "$(<"$scratch/out")" ''
  expect_part 'stderr' "$(<"$scratch/err")" 'error CS1002: ; expected'
  expect_part 'stderr' "$(<"$scratch/err")" 'src/Local does not build'
  wantalk talk a b
  expect 'exit code' "$code" 0
}

a_change_that_did_not_build_and_was_taken_back_is_built_again() {
  wantalk doctor
  cp -p "$checkout/src/Local/Program.cs" "$scratch/saved"
  echo broken >"$checkout/src/Local/Program.cs"
  STUB_BROKEN=1 wantalk doctor
  cp -p "$scratch/saved" "$checkout/src/Local/Program.cs"
  wantalk doctor
  expect 'exit code' "$code" 0
  expect 'builds' "$(builds)" 3
}

a_link_to_the_launcher_works() {
  ln -s "$checkout/wantalk" "$tools/wt"
  code=0
  (cd "$caller" && PATH=$tools wt plan) >"$scratch/out" 2>"$scratch/err" || code=$?
  expect 'exit code' "$code" 0
  expect 'builds' "$(builds)" 1
}

what_is_missing_is_installed_where_that_is_allowed() {
  rm "$tools/ffmpeg"
  stub apt-get <<'STUB'
#!/usr/bin/env bash
echo "apt-get $*" >>"$STUB_LOG"
[[ $* != *install* ]] || cp "$0" "${0%/*}/ffmpeg"
STUB
  stub sudo <<'STUB'
#!/usr/bin/env bash
shift
"$@"
STUB
  wantalk talk a b
  expect 'exit code' "$code" 0
  expect 'stderr' "$(<"$scratch/err")" "$(printf 'wantalk: installing ffmpeg…\nwantalk: building…')"
  expect_part 'calls' "$(<"$STUB_LOG")" 'install --yes --no-install-recommends ffmpeg'
}

what_only_the_tests_need_is_installed_for_them_only() {
  rm "$tools/radosgw" "$tools/ceph"
  wantalk talk a b
  expect 'exit code of a talk' "$code" 0
  wantalk test
  expect 'exit code of the tests' "$code" 1
  expect_part 'stderr' "$(<"$scratch/err")" 'install --yes --no-install-recommends radosgw ceph-common'
}

what_cannot_be_installed_is_said_with_the_command() {
  rm "$tools/ffmpeg"
  wantalk talk a b
  expect 'exit code' "$code" 1
  expect_part 'stderr' "$(<"$scratch/err")" 'sudo apt-get update && sudo apt-get install --yes --no-install-recommends ffmpeg'
  wantalk doctor
  expect 'exit code of doctor' "$code" 0
}

a_missing_sdk_is_said() {
  rm "$tools/dotnet"
  wantalk talk a b
  expect 'exit code' "$code" 1
  expect_part 'stderr' "$(<"$scratch/err")" 'https://dotnet.microsoft.com/download/dotnet/10.0'
  stub dotnet <<'STUB'
#!/usr/bin/env bash
echo '8.0.100 [/usr/share/dotnet/sdk]'
STUB
  wantalk talk a b
  expect_part 'stderr with an old one' "$(<"$scratch/err")" 'the .NET SDK 10 is missing'
}

# tests_end WHAT CODE LAST-LINE
tests_end() {
  expect "exit code, $1" "$code" "$2"
  expect "last line, $1" "$(tail -n 1 "$scratch/out")" "$3"
}

the_closing_line_of_the_tests_adds_up() {
  mkdir -p "$checkout/tests/Launcher" && stub spec <<<'exit 0' && cp "$tools/spec" "$checkout/tests/Launcher/specs.sh"
  export STUB_PACK='4 0 0'
  STUB_A='10 8 0 0' STUB_B='5 5 0 0' wantalk test
  tests_end 'all passed' 0 '20 passed, 0 failed, 3 skipped'
  STUB_A='10 7 1 2' wantalk test
  tests_end 'one failed' 1 '16 passed, 1 failed, 4 skipped'
  expect_part 'what is said before the last line' "$(<"$scratch/out")" \
    $'\nfailed: A.Tests: Sad("x")\n   1 < 0\nwas expected\n at Sad \n\n16 passed'
  STUB_A='killed 0 0 0' wantalk test
  tests_end 'one was killed' 1 '9 passed, 1 failed, 2 skipped'
  STUB_A='3 3 0 7' wantalk test
  tests_end 'one ended badly' 1 '12 passed, 1 failed, 2 skipped'
  expect_part 'what is said before the last line' "$(<"$scratch/out")" $'\nfailed: A.Tests: exit code 7\n\n12 passed'
  STUB_A='3 3 0 2' wantalk test
  tests_end 'one failed unseen' 1 '12 passed, 1 failed, 2 skipped'
  STUB_A='0 0 0 8' wantalk test
  tests_end 'one had no tests' 1 '9 passed, 1 failed, 2 skipped'
  STUB_PACK='3 2 1' wantalk test
  tests_end 'a script failed' 1 '10 passed, 2 failed, 3 skipped'
  STUB_PACK='3 0 9' wantalk test
  tests_end 'a script ended badly' 1 '10 passed, 1 failed, 3 skipped'
  stub shellcheck <<<'exit 1'
  wantalk test
  tests_end 'a check failed' 1 '10 passed, 1 failed, 3 skipped'
}

tests_can_be_chosen_by_name() {
  unset STUB_PACK
  STUB_A='0 0 0 8' STUB_B='1 1 0 0' wantalk test 'Some Specs' Other
  tests_end 'one matched' 0 '1 passed, 0 failed, 1 skipped'
  expect_part 'calls' "$(<"$STUB_LOG")" '--filter-display-name *Some Specs* --filter-display-name *Other*'
  STUB_A='0 0 0 8' STUB_B='0 0 0 8' wantalk test Nothing
  tests_end 'none matched' 1 '0 passed, 0 failed, 1 skipped'
}

a_soak_builds_its_driver_and_passes_its_options_on() {
  STUB_EXIT=1 wantalk soak --minutes 5 --seed 7
  expect 'exit code' "$code" 1
  expect_part 'calls' "$(<"$STUB_LOG")" 'build tests/Faults/Faults.csproj'
  expect 'stdout' "$(<"$scratch/out")" "$(printf '%s\n' 'program WanTalk.Faults.dll' "folder $caller" \
    'argument soak' 'argument --minutes' 'argument 5' 'argument --seed' 'argument 7')"
}

specs=$(declare -F | grep -oE '(the|a|many|what|tests)_[a-z_]+$' | grep -v '^tests_end$')
for spec in $specs; do
  set_stage
  "$spec"
done

((failures == 0)) || exit 1
echo "$(wc -w <<<"$specs") specifications hold"

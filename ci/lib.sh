# Shared by the scripts of ci/ (sourced, not run): where things are, timed steps with quiet logs, and stamps so
# that nothing is done twice. Sourcing it changes to the repository's root.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT" || exit 2
LOGS=${SHOGO_LOGS:-$ROOT/build/logs}
STAMPS=${SHOGO_STAMPS:-$ROOT/build/stamps}

# The header comment of a script is its help text: lines 2 up to the first line without "#".
usage() { sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"; }
die() { echo "${0##*/}: $*" >&2; exit 2; }

# One compiler process per core, but leave 1.5 GB for each: Beast and OpenCV with sanitizers are hungry.
jobs_count() {
  [[ ${SHOGO_JOBS:-} ]] && { echo "$SHOGO_JOBS"; return; }
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemTotal:/ {print int($2 / 1500000)}' /proc/meminfo)
  ((memory < 1)) && memory=1
  echo $((cores < memory ? cores : memory))
}

# Prints the log's last line now and then, so that a long step is seen to move, until its input is closed. No
# signal is needed to end it (bash can miss one just before it waits), and a killed script ends it too.
heartbeat() {
  local log=$1 status
  while read -rt "${SHOGO_HEARTBEAT_S:-30}"; status=$?; ((status == 0 || status > 128)); do
    printf '   … %s\n' "$(tail -n 1 "$log" | tr '\r' '\n' | tail -n 1 | cut -c 1-100)"
  done
}

# step NAME TITLE COMMAND...: header, command with its output in build/logs/NAME.log, result with time. On
# failure the log's tail is shown. Returns the command's exit code.
step() {
  local name=$1 title=$2 log="$LOGS/$1.log" started=$SECONDS rc=0 beat pid
  shift 2
  mkdir -p "$LOGS"
  : >"$log"
  printf '== %s\n' "$title"
  exec {beat}> >(heartbeat "$log")
  pid=$!
  "$@" >"$log" 2>&1 </dev/null {beat}>&- || rc=$?
  exec {beat}>&-
  wait "$pid" 2>/dev/null || true
  if ((rc == 0)); then
    printf '   ok, %d s\n' $((SECONDS - started))
  else
    printf '   FAILED (exit %d) after %d s; the end of %s:\n' "$rc" $((SECONDS - started)) "${log#"$ROOT/"}"
    tail -n "${SHOGO_TAIL:-40}" "$log" | sed 's/^/   | /'
  fi
  return "$rc"
}

# The hash of everything in the working tree that git does not ignore, changed and new files included. It is
# what git would commit, written to a throw-away index and object folder.
tree_state() {
  git rev-parse --git-dir >/dev/null 2>&1 || return 1
  local scratch objects state
  objects=$(git rev-parse --git-path objects)
  scratch=$(mktemp -d) || return 1
  # With its time: a file changed in the very moment the index was written is only then looked into.
  cp -p "$(git rev-parse --git-path index)" "$scratch/index" 2>/dev/null
  mkdir "$scratch/objects"
  state=$(export GIT_INDEX_FILE="$scratch/index" GIT_OBJECT_DIRECTORY="$scratch/objects"
    GIT_ALTERNATE_OBJECT_DIRECTORIES="$(realpath "$objects")"
    export GIT_ALTERNATE_OBJECT_DIRECTORIES
    git add -A 2>/dev/null && git write-tree)
  rm -rf "$scratch"
  [[ $state ]] && echo "$state"
}

# A stamp says: NAME passed for exactly this state. Only a pass is remembered. Outside a git clone there is no
# state and nothing is ever skipped.
stamp_current() { [[ ${2:-} && $(cat "$STAMPS/$1" 2>/dev/null) == "$2" ]]; }
stamp_set() { [[ ${2:-} ]] && mkdir -p "$STAMPS" && echo "$2" >"$STAMPS/$1"; return 0; }

# Files that belong to the project, below the current folder: what git knows or would add; without git, all.
project_files() {
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -co --exclude-standard -- "$@" | while IFS= read -r f; do [[ -f $f ]] && printf '%s\n' "$f"; done
  else
    find . -type f -not -path './build/*' -not -path './out/*' | sed 's|^\./||' | sort
  fi
}

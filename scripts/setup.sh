#!/bin/sh
# Sets up everything govaudit needs: a virtual environment with locked packages, and, where root or sudo allows,
# the system's Chromium and Chinese fonts. Safe to run again; does nothing when nothing changed.
#   scripts/setup.sh VENV [dev]
set -eu
venv=${1:?usage: setup.sh VENV [dev]}
kind=${2:-run}
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock

python=${PYTHON:-}
if [ -z "$python" ]; then
  for name in python3.11 python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null 2>&1; then python=$name; break; fi
  done
fi
[ -n "$python" ] || { echo "没有找到 Python：请先安装 Python 3.11 或更新版本。" >&2; exit 2; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 版本过低：需要 3.11 或更新版本，现为 $("$python" --version 2>&1)。" >&2; exit 2; }

stamp="$venv/.govaudit-$kind"
want=$(cat "$lock" pyproject.toml | cksum)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$want" ]; then
  if [ ! -x "$venv/bin/python" ]; then
    # Debian keeps ensurepip in a package of its own; an environment without pip is filled from outside.
    "$python" -m venv "$venv" 2>/dev/null || "$python" -m venv --clear --without-pip "$venv"
  fi
  if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    set -- "$venv/bin/python" -m pip
  else
    set -- "$python" -m pip --python "$venv/bin/python"
  fi
  echo "正在安装 Python 软件包（首次约需一两分钟）……" >&2
  "$@" install --quiet --disable-pip-version-check --requirement "$lock"
  "$@" install --quiet --disable-pip-version-check --no-deps --editable .
  printf '%s' "$want" > "$stamp"
fi

has_browser() {
  for name in chromium chromium-browser google-chrome google-chrome-stable chromium-headless-shell microsoft-edge; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}
has_fonts() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; }

need=""
has_browser || need="chromium"
has_fonts || need="$need fonts-noto-cjk fontconfig"
has_postgres() { command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
if [ "$kind" = dev ]; then
  command -v chromedriver >/dev/null 2>&1 || need="$need chromium-driver"
  has_postgres || need="$need postgresql"  # its programs are wanted, for tests that start a server of their own
fi
if [ -n "$need" ]; then
  asroot=""
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then asroot="sudo -n"; else asroot="no"; fi
  fi
  if [ "$asroot" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "缺少浏览器或中文字体，且当前用户无权安装。请管理员运行：apt-get install -y$(printf ' %s' $need)" >&2
    echo "在此之前，需要浏览器的检查会列为“无法判定”。" >&2
  else
    echo "正在安装浏览器和中文字体：$need ……" >&2
    log=$(mktemp)
    # Debian would create and start a database at once: not wanted, so it is told not to while we install.
    quiet=/etc/postgresql-common/createcluster.conf
    case "$need" in *postgresql*) [ -e "$quiet" ] && quiet="" || $asroot sh -c "mkdir -p ${quiet%/*} && echo 'create_main_cluster = false' > $quiet" ;; *) quiet="" ;; esac
    # shellcheck disable=SC2086
    if ! { $asroot apt-get update -q && DEBIAN_FRONTEND=noninteractive $asroot apt-get install -y -q --no-install-recommends $need; } >"$log" 2>&1; then
      tail -n 5 "$log" >&2
      echo "安装失败。请手动运行：apt-get install -y $need" >&2
    fi
    rm -f "$log"
    [ -z "$quiet" ] || $asroot rm -f "$quiet"
  fi
fi

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# archive.sh SUITE apt-get|apt-cache ARG... - run that command on the archive of Debian's SUITE, bookworm
# or trixie (with its security updates, and trixie's backports), whatever Debian this machine runs.
# Needs apt, not root; it neither uses nor changes the machine's own lists, caches and packages. With
# ARCHIVE_ARCH=arm64 the packages are those for arm64, and PACKAGE:amd64 is the one for amd64.
#
# Keeps everything in build/archive/SUITE/ or build/archive/SUITE-ARCHIVE_ARCH/. The mirror is the one in
# the machine's own apt sources, unless DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR name another one. The
# machine's Debian keys verify the archive: trixie is signed with the keys of bookworm too.
set -euo pipefail

suite=${1:?usage: archive.sh bookworm|trixie apt-get|apt-cache ARG...}
command=${2:?usage: archive.sh bookworm|trixie apt-get|apt-cache ARG...}
shift 2
arch=${ARCHIVE_ARCH:-amd64}
dir=$(cd "$(dirname "$0")/../../.." && pwd)/build/archive/$suite${ARCHIVE_ARCH:+-$ARCHIVE_ARCH}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() { echo "archive $suite: $*" >&2; exit 1; }

# Prints the address of the machine's first source for releases with this name. Other vendors publish for
# Debian's releases too, but most of their addresses end differently.
mirror() { # PATTERN
    # shellcheck disable=SC2016 # apt expands
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="^($1)\$" '
            $3 != "main" || $2 !~ release { next }
            $1 ~ /debian[^\/]*\/*$/ && !likely { likely = $1 }
            !any { any = $1 }
            END { print likely ? likely : any }'
}

sources() {
    local main security key="[signed-by=$keyring]"
    main=${DEBIAN_MIRROR:-$(mirror 'bookworm|trixie|forky|oldstable|stable|testing|sid|unstable')}
    [ -n "$main" ] || die "no mirror of Debian in this machine's apt sources: set DEBIAN_MIRROR"
    security=${DEBIAN_SECURITY_MIRROR:-$(mirror '[a-z]+-security')}
    # shellcheck disable=SC2001 # replaces only the end of the address
    [ -n "$security" ] || security=$(sed 's|/debian/*$|/debian-security|' <<<"$main")
    echo "deb $key $main $suite main"
    [ "$security" = "$main" ] || echo "deb $key $security $suite-security main"
    [ "$suite" != trixie ] || echo "deb $key $main $suite-backports main"
}

# apt reads this after the machine's own configuration, so its proxies and credentials apply here too.
configuration() {
    cat <<END
Dir::State "$dir";
Dir::State::lists "lists";
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
Dir::Cache::archives "archives";
Dir::Cache::pkgcache "packages.bin";
Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
#clear APT::Architectures;
#clear APT::Update;
APT::Architecture "$arch";
APT::Architectures { "$arch"; "amd64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
END
}

# Fetches the lists, unless they are less than an hour old.
update() {
    if [ "$(cat "$dir/sources.list" 2>/dev/null)" = "$(sources)" ] && [ -n "$(find "$dir" -name fresh -mmin -60)" ]; then
        return
    fi
    sources >"$dir/sources.list"
    rm -f "$dir/fresh"
    if apt-get -qq -c "$dir/apt.conf" update >"$dir/log" 2>&1; then
        touch "$dir/fresh"
        return
    fi
    cat "$dir/log" >&2
    die "apt cannot read it (see above)"
}

[ -e $keyring ] || die "no $keyring: install debian-archive-keyring"
command -v apt-get >/dev/null || die "no apt-get: only a Debian machine can fetch from the archive"
mkdir -p "$dir"/{lists,cache/archives}/partial
exec 8>"$dir/lock"
flock 8
: >"$dir/status"
configuration >"$dir/apt.conf"
update
"$command" -c "$dir/apt.conf" "$@"

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# apt.sh - for the scripts here: apt for arm64, beside this machine's own and without touching it. Takes the
# archives from this machine's sources, and keeps its lists and what it downloads in build/arm64/apt. Not
# root's: whoever runs it owns what it gets. $top is the top of the sources.

# shellcheck disable=SC2154 # the script that sources this sets it
apt_dir=$top/build/arm64/apt
export APT_CONFIG=$apt_dir/apt.conf

apt_init() {
    command -v apt-get >/dev/null || { echo "arm64: no apt-get here: only a Debian machine can fetch this" >&2; return 1; }
    mkdir -p "$apt_dir"/{lists,archives}/partial
    [ -e "$apt_dir/status" ] || : >"$apt_dir/status" # nothing is installed
    cat >"$APT_CONFIG" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; "amd64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Dir::State "$apt_dir";
Dir::State::lists "$apt_dir/lists";
Dir::State::status "$apt_dir/status";
Dir::Cache "$apt_dir";
Dir::Cache::archives "$apt_dir/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Log "$apt_dir";
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Post-Invoke;
#clear DPkg::Post-Invoke;
END
}

apt_update() {
    echo "arm64: fetching apt's package lists" >&2
    apt-get -qq update >&2
}

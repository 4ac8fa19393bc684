#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# install.sh install STAGE MANIFEST | uninstall MANIFEST - what `make install` and `make uninstall` do below
# DESTDIR (in the environment; empty is this machine).
#
# install copies the tree in the folder STAGE, and records in the file MANIFEST what it made, so that uninstall
# removes that and nothing else:
#
#   d PATH          a folder that did not exist before
#   f PATH          a file or link
#   c PATH SHA-256  a configuration file, which install does not replace, and uninstall keeps if it was changed
#
# Paths are relative to DESTDIR, parents first; none contains a blank.
set -euo pipefail

usage() { echo "usage: install.sh install STAGE MANIFEST | install.sh uninstall MANIFEST" >&2; exit 2; }
dest=${DESTDIR-}
PATH=$PATH:/usr/sbin:/sbin

checksum() { sha256sum <"$1" | cut -d' ' -f1; }
recorded() { grep -E "^[dfc] $1( |\$)" "$old" || :; } # PATH: its line in the manifest of the last install

install_one() { # PATH: prints its line for the manifest
    local path=$1
    if [ -d "$stage/$path" ] && [ ! -L "$stage/$path" ]; then
        if [ -d "$dest/$path" ]; then
            recorded "$path"
            return
        fi
        mkdir -m 755 "$dest/$path"
        echo "d $path"
        return
    fi
    if [[ $path = *.conf ]]; then
        if [ -e "$dest/$path" ]; then
            recorded "$path"
            return
        fi
        cp --preserve=mode "$stage/$path" "$dest/$path"
        echo "c $path $(checksum "$dest/$path")"
        return
    fi
    cp -P --preserve=mode --remove-destination "$stage/$path" "$dest/$path"
    echo "f $path"
}

# ldconfig and depmod, on the machine that uses the files: not for a tree that becomes a package.
update_caches() { # reads the paths that were installed or removed, one a line
    local paths release
    paths=$(cat)
    if [ -n "$dest" ] || [ "$(id -u)" != 0 ]; then
        return
    fi
    if grep -q '\.so\.' <<<"$paths"; then
        ldconfig
    fi
    while read -r release; do
        depmod "$release"
    done < <(sed -n 's|^lib/modules/\([^/]*\)/.*\.ko.*|\1|p' <<<"$paths")
}

remove() { # reads lines of a manifest, the last first, and removes what they name
    local kind path sum
    while read -r kind path sum; do
        case $kind in
            d) rmdir "$dest/$path" 2>/dev/null || : ;; # others' files may be in it by now
            f) rm -f "$dest/$path" ;;
            c)
                if [ -e "$dest/$path" ] && [ "$(checksum "$dest/$path")" != "$sum" ]; then
                    echo "uninstall: kept $dest/$path, which was changed" >&2
                    continue
                fi
                rm -f "$dest/$path"
                ;;
        esac
    done
}

install_all() {
    local path
    mkdir -p "$dest/"
    touch "$old"
    [ ! -e "$dest/$manifest" ] || cp "$dest/$manifest" "$old"
    while read -r path; do
        install_one "$path" >>"$new"
    done < <(cd "$stage" && find . -mindepth 1 -printf '%P\n' | sort)
    # Remove what the last version installed and this one does not have.
    grep -vxFf "$new" "$old" | grep -v '^c' | tac | remove || :
    cp "$new" "$dest/$manifest"
    chmod 644 "$dest/$manifest"
    cut -d' ' -f2 "$new" | update_caches
}

uninstall_all() {
    if [ ! -e "$dest/$manifest" ]; then
        echo "uninstall: there is no $dest/$manifest, so nothing to remove (did the installation have another PREFIX or DESTDIR?)" >&2
        exit 1
    fi
    cp "$dest/$manifest" "$old"
    rm "$dest/$manifest"
    tac "$old" | remove
    cut -d' ' -f2 "$old" | update_caches
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
old=$work/old new=$work/new
: >"$new"
case ${1-} in
    install)
        [ $# = 3 ] || usage
        stage=$2 manifest=${3#/}
        install_all
        ;;
    uninstall)
        [ $# = 2 ] || usage
        manifest=${2#/}
        uninstall_all
        ;;
    *) usage ;;
esac

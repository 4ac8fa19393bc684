# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# review.bash - for scripts that use the exercises: their folders, their data, and their solutions, which are in ROT13
# so that nobody reads them by accident.

review_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

review_list() { # a line "N FOLDER" for each
    local folder n
    for folder in "$review_dir"/[0-9][0-9]-*/; do
        n=$(basename "$folder")
        n=${n%%-*}
        echo "$((10#$n)) ${folder%/}"
    done
}

review_number() { # N, perhaps with zeros in front: prints it without
    local n=${1-}
    if [ -z "$n" ]; then
        echo "review: which exercise? N=1 to N=$(review_list | wc -l)" >&2
        return 2
    fi
    if [[ $n =~ ^0*([1-9][0-9]?)$ ]]; then
        n=${BASH_REMATCH[1]}
        if review_list | grep "^$n " >/dev/null; then
            echo "$n"
            return 0
        fi
    fi
    echo "review: there is no exercise '$n', only 1 to $(review_list | wc -l)" >&2
    return 2
}

review_folder() { # N
    local n
    n=$(review_number "${1-}") || return
    review_list | sed -n "s/^$n //p"
}

review_decode() { tr 'A-Za-z' 'N-ZA-Mn-za-m'; }

review_patch() { # N: the bug
    local folder
    folder=$(review_folder "$1") && review_decode <"$folder/bug.patch.rot13"
}

review_user() { # N: user or root
    awk -v n="$1" '$1 == n { print $2 }' "$review_dir/exercises.txt"
}

review_drivers() { # N: one a line
    awk -v n="$1" '$1 == n { for (i = 3; i <= NF; i++) print $i }' "$review_dir/exercises.txt"
}

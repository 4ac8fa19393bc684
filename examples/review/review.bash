# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# review.bash - for scripts that use the exercises: their folders, and their solutions, which are in ROT13
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

review_folder() { # N
    local folders=("$review_dir/$(printf %02d "$1")"-*/)
    [ -d "${folders[0]}" ] || { echo "review: there is no exercise '$1', only 1 to $(review_list | wc -l)" >&2; return 2; }
    echo "${folders[0]%/}"
}

review_decode() { tr 'A-Za-z' 'N-ZA-Mn-za-m'; }

review_patch() { # N: the bug
    local folder
    folder=$(review_folder "$1") && review_decode <"$folder/bug.patch.rot13"
}

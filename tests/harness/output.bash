# SPDX-License-Identifier: GPL-2.0
# For bats: what is in the output of the last `run`.

# has TEXT...: the output contains each.
has() {
    local text
    for text in "$@"; do
        [[ $output == *"$text"* ]] || { echo "no '$text' in: $output"; return 1; }
    done
}

# hasnt TEXT...: the output contains none of them.
hasnt() {
    local text
    for text in "$@"; do
        [[ $output != *"$text"* ]] || { echo "'$text' in: $output"; return 1; }
    done
}

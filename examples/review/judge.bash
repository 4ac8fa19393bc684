# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# judge.bash - what the logs of a guest prove. Nothing here starts a guest, so that the tests can try each case.

# The kernel says that something is wrong.
judge_complaint='WARNING:|BUG:|Oops|Kernel panic|general protection fault|kernel tried to execute|unable to handle'
judge_complaint+='|possible (circular|recursive)|inconsistent lock state|suspicious RCU|sleeping function called'
judge_complaint+='|scheduling while atomic|KASAN:|UBSAN:'
# A kernel that has no processor says this too.
judge_stall='rcu: .*stall|self-detected stall|INFO: task .* blocked|soft lockup|hard LOCKUP'

# Prints a line "ROUND VERDICT WHY" for each round of attack.sh that the guest's console proves: shown, not-shown or
# no-module. A round of which the guest has not said that it begins has no verdict, and neither has one that the guest
# began and did not end, unless the kernel complained after that; ENDED is the status of run.sh, which is 124 for a guest
# that was stopped because it said nothing for long: then complaints about a stall count, too.
judge_rounds() { # CONSOLE TOKEN ENDED
    tr -d '\r' <"$1" | awk -v token="$2" -v ended="$3" -v complaint="$judge_complaint" -v stall="$judge_stall" '
        function finish() { # the round that began last
            if (round == "")
                return
            if (bad != "")
                print round, "shown", "the kernel: " bad
            else if (result == "shown")
                print round, "shown", "the exploit saw it"
            else if (result == "not-shown")
                print round, "not-shown", "the exploit did not see it"
            else if (result == "late")
                print round, "not-shown", "the exploit did not end in time"
            else if (stalled != "" && ended == 124)
                print round, "shown", "the guest hung: " stalled
            round = result = bad = stalled = ""
        }
        $0 ~ "bfk-test: review " token ": " {
            sub(/.*bfk-test: review [^ ]+: /, "")
            if ($2 == "loads") {
                loading = $1
                if (round == "")
                    bad = stalled = ""
            } else if ($2 == "begins") {
                finish()
                round = $1
                loading = ""
            } else if ($2 == "no-module") {
                finish()
                print $1, $2, "it cannot be loaded"
                loading = ""
            } else {
                result = $2
            }
            next
        }
        /bfk-test: / { next }
        $0 ~ stall { if (stalled == "") stalled = $0; next }
        # What the kernel says while the next module is loaded may still be about the last round.
        $0 ~ complaint && bad == "" { bad = $0 }
        END {
            if (round == "" && loading != "" && bad != "")
                print loading, "no-module", "the kernel, while it was loaded: " bad
            finish()
        }'
}

# Reads lines "ROUND WANTED VERDICT FIRST WHY", and prints those that are final: a sound module may be shown to be broken by
# what a broken one has done to the kernel before, so that such a verdict counts only for the FIRST round of a guest.
judge_final() { awk '!($2 == "not-shown" && $3 != $2 && $4 != "first")'; }

# The device suite's log: prints what failed, one a line: "DRIVER <tab> CASE", or "DRIVER" if it has to be run as a whole.
# If the log ends early, what ran then is among it.
judge_suite() { # LOG PART...
    local log=$1 part
    shift
    tr -d '\r' <"$log" | awk '
        /^not ok [0-9]+ [^ ]+: / {
            sub(/^not ok [0-9]+ /, "")
            sub(/ # [0-9.]+ s$/, "")
            driver = $1
            sub(/:$/, "", driver)
            sub(/^[^ ]+ /, "")
            if ($0 ~ /^(nothing leaked|only [0-9]+ of [0-9]+ cases ran)/)
                print driver
            else
                print driver "\t" $0
        }
        /^not ok [0-9]+ the module can be removed/ { print "module" }' | awk '!seen[$0]++'
    ! grep -aq '^# [0-9]* tests, [0-9]* failed' "$log" || return 0
    for part; do
        grep -aqF " $part: nothing leaked" "$log" || { echo "$part"; return 0; }
    done
}

# Did a part of the device suite, run again, pass (0), fail (1), or was it not run (4)? If the kernel crashes, its last words
# must follow the mark of a case.
judge_again() { # LOG CONSOLE STATUS
    ! grep -aq '^not ok ' "$1" || return 1
    [ "$3" != 0 ] || ! grep -aq '^ok ' "$1" || return 0
    tr -d '\r' <"$2" | awk -v complaint="$judge_complaint" -v stall="$judge_stall" '
        /bfk-test: case/ { begun = 1; next }
        $0 ~ stall { next }
        begun && $0 ~ complaint { found = 1 }
        END { exit !found }' && return 1
    return 4
}

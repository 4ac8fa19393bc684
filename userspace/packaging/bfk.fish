# SPDX-License-Identifier: GPL-2.0-only
# Completion of bfk(1) for fish. Commands and options are read from the help of bfk itself, so they always match it.

function __bfk_commands
    bfk help 2>/dev/null | string replace -rf '^  ([a-z]+) +(.*)' '$1\t$2'
end

# The words before the one that is being typed.
function __bfk_before
    commandline -opc
end

function __bfk_needs_command
    test (count (__bfk_before)) = 1
end

function __bfk_command
    set -l words (__bfk_before)
    test (count $words) -ge 2; and echo $words[2]
end

# Is the command one of these?
function __bfk_is
    contains -- (__bfk_command) $argv
end

function __bfk_options
    set -l help (bfk help (__bfk_command) 2>/dev/null)
    set -l text '(?:\[=[A-Z]+\]| [^ ]+)? +(.*?)(?: \(default.*)?$'
    string replace -rf "^  (-[A-Za-z])(?:, --[a-z-]+)?$text" '$1\t$2' -- $help
    string replace -rf "^ {2,6}(?:-[A-Za-z], )?(--[a-z-]+)$text" '$1\t$2' -- $help
end

# The values of the last option. Status 1: it takes no value, or any text or file.
function __bfk_values
    switch (__bfk_before)[-1]
        case -E --engine
            if __bfk_is dump audit
                printf '%s\n' kernel jit
            else
                printf '%s\n' kernel kernel-interp jit interp
            end
        case --eof
            printf '%s\n' 0 255 keep
        case -O
            printf '%s\n' 0 1 2
        case --without
            printf '%s\n' blocks ifs scans unroll regs zeroed
        case '*'
            return 1
    end
end

# Is the last word an option whose argument cannot be completed?
function __bfk_takes_text
    contains -- (__bfk_before)[-1] -e --expression -f --fuel --connect --listen -a --allow -n --runs
end

function __bfk_takes_file
    not __bfk_needs_command; and not __bfk_is ops info version help; and not __bfk_takes_text; and not __bfk_values >/dev/null
end

complete -c bfk -f
complete -c bfk -n __bfk_needs_command -a '(__bfk_commands)'
complete -c bfk -n '__bfk_is help' -a '(__bfk_commands)'
complete -c bfk -n 'not __bfk_needs_command; and string match -q -- "-*" (commandline -ct)' -a '(__bfk_options)'
complete -c bfk -n __bfk_values -a '(__bfk_values)'
# Programs first.
complete -c bfk -k -n __bfk_takes_file -a '(__fish_complete_suffix .bf)'

# Made by "runledger completion fish": make it again after an update.

# Whether the command is one of these; without any, whether it is still to be typed.
function __runledger_at
    set -l words (commandline -opc)
    if test (count $words) -lt 2
        test (count $argv) -eq 0
    else
        contains -- $words[2] $argv
    end
end

# Several of these words, with commas between.
function __runledger_choices
    set -l before (string match -r '[^=]*,' -- (commandline -ct))
    printf "$before%s\n" $argv
end

# A kind of store, or a path behind one.
function __runledger_store
    set -l value (commandline -ct)
    set -l kind (string match -r '^(?:--\w+=)?\w+:' -- $value)
    if test -n "$kind"
        printf "$kind%s\n" (__fish_complete_path (string replace -- $kind '' $value))
    else
        printf '%s\n' $argv
    end
end

# A program with its arguments, behind --.
function __runledger_program
    set -l words (commandline -opc)
    set -l dashes (contains -i -- -- $words)
    and complete -C (string join ' ' -- (string escape -- $words[(math $dashes + 1)..]) (commandline -ct))
end

complete -c runledger -f

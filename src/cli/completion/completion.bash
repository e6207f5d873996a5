# Made by "runledger completion bash": make it again after an update.

# One of these words.
_runledger_choice() {
  COMPREPLY=($(compgen -W "$*" -- "$value"))
}

# Several of these words, with commas between.
_runledger_choices() {
  local last=${value##*,}
  COMPREPLY=($(compgen -P "${value%"$last"}" -W "$*" -- "$last"))
}

# Paths, which readline completes best; the old bash of macOS cannot ask it to.
_runledger_paths() {
  local IFS=$'\n'
  compopt -o "$1" 2>/dev/null || COMPREPLY=($(compgen "$2" -- "${value##*:}"))
}

# A kind of store, or a path behind one.
_runledger_store() {
  if [[ $value == *:* ]]; then _runledger_paths default -f; else _runledger_choice "$@"; fi
}

# A program with its arguments, behind --. The package bash-completion knows those of many programs.
_runledger_program() {
  if declare -F _command_offset >/dev/null; then
    _command_offset $((dashes + 1))
  elif ((COMP_CWORD == dashes + 1)); then
    COMPREPLY=($(compgen -c -- "$value"))
  else
    _runledger_paths default -f
  fi
}

_runledger() {
  local words=() word before='' at dashes='' command='' option value
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    # Readline takes = and : for words: put together what was typed as one.
    if [[ $word == [=:] || $before == [=:] ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    before=$word
    if [[ $word == -- && ! $dashes ]] && ((at < COMP_CWORD)); then dashes=$at; fi
  done
  value=${words[${#words[@]} - 1]}
  option=${words[${#words[@]} - 2]}
  if ((${#words[@]} > 2)); then command=${words[1]}; fi
  if [[ $value == --*=* ]]; then
    option=${value%%=*}
    value=${value#*=}
  fi
  if [[ $dashes ]]; then option=--; fi
  COMPREPLY=()
  _runledger_expect "$command $option"
}

complete -F _runledger runledger

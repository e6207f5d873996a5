# A kind of store, or a path behind one.
_runledger_store() {
  if compset -P '*:'; then
    _files
  else
    compadd -S '' -- ${(M)@:#*:}
    compadd -- ${@:#*:}
  fi
}

# The arguments of a program, which zsh completes as it does by themselves.
_runledger_arguments() {
  if [[ $words[1] == -- ]]; then
    shift words
    (( CURRENT -= 1 ))
  fi
  _normal
}

_runledger() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C $_runledger_options '1:command:->command' '*::word:->words'
  case $state in
    command) _describe command _runledger_commands ;;
    words) _runledger_expect ;;
  esac
}

# Read from a file in $fpath, this is the function itself; read by the shell, it only names it.
if [[ $funcstack[1] == _runledger ]]; then
  _runledger "$@"
else
  compdef _runledger runledger
fi

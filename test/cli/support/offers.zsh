# Types each line of standard input and a TAB into a shell that has read the script $1, and prints what
# that shell would offer: "= " and the line, then a word a line.
if [[ $2 != inside ]]; then
  zmodload zsh/zpty
  zpty shell zsh -f -i
  zpty -w shell "source ${(q)0} ${(q)1} inside"
  zpty -r shell said '*@ready*'
  while IFS= read -r line; do
    zpty -n -w shell $'\C-u'"$line"$'\t'
    zpty -r shell said '*@end*'
    print -r -- "= $line"
    for word in ${(f)said}; do
      [[ $word == *@word\ * ]] && print -r -- ${${word#*@word }%$'\r'}
    done
  done
  zpty -d shell
  return
fi

autoload -Uz compinit
compinit -u -D
source $1

finish () {
  comppostfuncs=(finish)
  print -r -- @end
}

compadd () {
  # With -O, -A or -D it fills arrays for a function of completion, and offers nothing.
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
    local -a offered
    builtin compadd -A offered "$@"
    (( $#offered )) && print -rl -- '@word '$^offered
  fi
  builtin compadd "$@"
}

comppostfuncs=(finish)
print -r -- @ready

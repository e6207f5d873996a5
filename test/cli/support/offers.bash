# Prints what the script $1 offers for each line of standard input: "= " and the line, then a word a
# line. Bash splits what is typed as readline would, and calls the function as readline would.
source "$1"
while IFS= read -r line; do
  COMP_WORDS=()
  for word in $line; do
    while [[ $word =~ ^([^=:]*)([=:])(.*)$ ]]; do
      if [[ ${BASH_REMATCH[1]} ]]; then COMP_WORDS+=("${BASH_REMATCH[1]}"); fi
      COMP_WORDS+=("${BASH_REMATCH[2]}")
      word=${BASH_REMATCH[3]}
    done
    if [[ $word ]]; then COMP_WORDS+=("$word"); fi
  done
  if [[ $line == *' ' ]]; then COMP_WORDS+=(''); fi
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _runledger
  printf '%s\n' "= $line" "${COMPREPLY[@]}"
done

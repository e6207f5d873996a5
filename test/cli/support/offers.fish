# Prints what fish offers for each line of standard input once it has read the script $argv[1]: "= " and
# the line, then a word a line.
source $argv[1]
while read -l line
    echo "= $line"
    complete -C $line | string replace -r '\t.*' ''
end

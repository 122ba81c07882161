# What zsh makes of a line and a tab.
# usage: zsh -f complete.zsh FOLDER-OF-COMPLETIONS LINE
# The line as it is then, or, where several words fit, those too, on stdout.
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "PS1= PROMPT= RPROMPT=; setopt no_beep no_always_last_prompt list_packed
fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u
show() { print -r -- \"<line>\$BUFFER</line>\"; BUFFER= }; zle -N show; bindkey '^X' show
list() { zle complete-word; zle list-choices }; zle -N list; bindkey '^T' list
LISTMAX=1000; print rea''dy"
zpty -r shell said $'*ready\r\n*' || exit 1
zpty -n -w shell "$2"$'\t\x18'
zpty -r shell said '*<line>*</line>*' || exit 1
print -r -- ${${said##*<line>}%%</line>*}

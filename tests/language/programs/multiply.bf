+++++ +++++              10
[>++>+++>---<<<-]        20 30 and minus 30
>.>.>.<<<.
>>>[>+<+]>.<.            counting up: 30 of them
[-]+++[>++>[-]<<-]>.     a loop that looks like one but is none
[-]>[-]<<+++++++[>+>+<<-+-]>.>. one step down is written in three

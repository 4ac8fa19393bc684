# rot13: every letter moves thirteen places in the alphabet; twice is no change
#
# y counts down from the byte minus 65 (capital A); whenever it is 0 the byte
# is the letter that the count has reached: letters of the first half of an
# alphabet go 13 up and those of the second half go 13 down
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  c        the byte
#       1  y        the byte minus 65 counted down
#       2  t z      helpers of if zero
#       4  k        a counter
#       5  m        helper to copy

,                                           # a byte
[                                           # until the input ends
    [>+>>>>+<<<<<-]>>>>>[<<<<<+>>>>>-]      # copy it to y
    <++++++++[<<<-------->>>-]<<<-          # y = y minus 65: 0 if it is a capital A
    >>>+++++++++++++[-<<+<[>-]>[-<<+++++++++++++>>>]<<->>>]  # A to M: 13 up
    +++++++++++++[-<<+<[>-]>[-<<------------->>>]<<->>>]  # N to Z: 13 down
    <<<------                               # six characters between Z and small a
    >>>+++++++++++++[-<<+<[>-]>[-<<+++++++++++++>>>]<<->>>]  # a to m: 13 up
    +++++++++++++[-<<+<[>-]>[-<<------------->>>]<<->>>]  # n to z: 13 down
    <<<[-]                                  # done with y
    <.                                      # print it
    ,                                       # the next byte
]

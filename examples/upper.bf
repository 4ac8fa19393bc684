# upper: the input in capital letters
#
# There are 26 letters: y starts as the byte minus 97 (small a) and counts down
# 26 times; if it is 0 at one of those times the byte is a small letter
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  c        the byte
#       1  y        the byte minus 97 counted down
#       2  t z      helpers of if zero
#       4  k        a counter
#       5  m        helper to copy
#       6  f        set if the byte is a small letter

,                                           # a byte
[                                           # until the input ends
    [>+>>>>+<<<<<-]>>>>>[<<<<<+>>>>>-]      # copy it to y
    <++++++++[<<<------------>>>-]<<<-      # y = y minus 97
    >>>++++++++++++++++++++++++++[          # 26 times
        -
        <<+<[>-]>[->>>>+<<<]                # if y is 0 it is a letter
        <<-                                 # try the next one
    >>>]
    <<<[-]                                  # done with y
    >>>>>[                                  # if it is a small letter
        -<<++++[<<<<-------->>>>-]          # 32 less makes it a capital one
    >>]
    <<<<<<.                                 # print it
    ,                                       # the next byte
]

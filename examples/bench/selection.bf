# selection: sorts the characters of a line
#
# A walk along all that are left carries the smallest so far; it leaves the greater of
# that one and the one at hand where it is; and goes on with the other  What it has at
# the end is printed; so the smallest comes first  Each walk starts one item later
#
# If zero: to do something when cell x is 0 the two cells to its right (t and z)
# help: t is set to 1; if x is not 0 then t is cleared; what is still set decides;
# after either way the head is on z which is always 0
#
# Heavy in: comparing by counting down; long walks of the same few steps
#
# Cells:
#        0  mark     item: 1 if there is one
#        1  v t z    item: the character; helpers of if zero
#        4  lo       item: the smaller of the two
#        5  hi       item: the greater
#        6  x        item: the smallest so far
#        7  mark_ v_ t_ z_ lo_ hi_ x_ the next item

>>>>>>>                                     # the item before has no mark
>,                                          # the first character
----------[++++++++++                       # until a newline
    <+                                      # there is one
    >>>>>>>>,----------
]
<<<<<<<<[<<<<<<<]>>>>>>>                    # back to the first item
[                                           # for each that is left
    -                                       # leave it out from now on
    >[>>>>>>>>>>>>+<<<<<<<<<<<<-]           # and carry it
    >>>>>>
    [                                       # along the others
        >>>>>>[-                            # compare unit by unit
            <+<+                            # hi becomes x
            <<+<[>-]>[->>-<<<+>>]           # lo the smaller one
        <<->>>>>]
        <<<<<[>>>>+<<<<-]                   # what v had more
        >>>>[<<<<+>>>>-]                    # the greater one stays here
        <[>>>>>>>>>+<<<<<<<<<-]             # the smaller one goes on
        >>>
    ]
    >>>>>>.[-]                              # the smallest of all
    <<<<<<<<<<<<<[<<<<<<<]>>>>>>>           # back to what is left
]
++++++++++.                                 # a newline

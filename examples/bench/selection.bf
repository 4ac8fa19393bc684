# selection: sorts the characters of a line
#
# A walk along all remaining items carries the smallest so far; at each item it leaves the
# greater of the two characters and continues with the other  The one it has at
# the end is printed; so the smallest comes first  Each walk starts one item later
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
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
        <<<<<[>>>>+<<<<-]                   # the excess of v
        >>>>[<<<<+>>>>-]                    # the greater one stays here
        <[>>>>>>>>>+<<<<<<<<<-]             # carry the smaller one on
        >>>
    ]
    >>>>>>.[-]                              # the smallest of all
    <<<<<<<<<<<<<[<<<<<<<]>>>>>>>           # back to what is left
]
++++++++++.                                 # a newline

# logistic: how a very simple rule becomes chaos; a picture of it
#
# x of the next year = r times x times (1 minus x): with a small r x settles down; with a
# greater one it alternates between two values; then four; eight; and with
# r near 4 it is all over the place
#
# Each line has its own r: from 40 to 64 sixteenths  x starts in the middle; the first 24
# years are ignored; the places where x is in the next 40 years are marked
#
# x is in units of 1/256  Two nested loops multiply by counting; every 64 units
# make one:
#
#     p = x times (255 minus x) over 64         the next x = r times p over 64
#
# The picture is made of 64 items of three cells: one for four values of x  The distance
# is carried along and counted down; marks lead the way back
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Heavy in: counting in nested loops
#
# Cells:
#        0  lines    lines still to draw
#        1  r        in sixteenths
#        2  years    years still to go
#        3  early et ez years still to ignore; helpers of if zero
#        6  x        in 256ths
#        7  a        the first factor
#        8  b        the second factor
#        9  w        helper to copy
#       10  u t z    units until the next one; helpers of if zero
#       13  p        the product; also helper to copy
#       14  home     no mark: where walks home end
#       17  mark     item: 1 on the way back; the character to print
#       18  k        item: items still to go
#       19  hit      item: not 0 if x was there
#       20  mark_ k_ hit_ the next item

+++++++++++++++++++++++++
>++++++++++++++++++++++++++++++++++++++++
<[
    >>>>>>>>>++++++++++++++++[<<<<<<<++++>>>>++++++++>>>-]<<<<<<++++++++++++++++++++++++  # 64 years from the middle on: 128
    <[

        # p = x times (255 minus x) over 64
        >>>>[>+>-<<-]>>-
        >>++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++
        <<<[-
            >[->+>->+<[>-]>[-<++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++>>>+<]
            <<<<]
            >[<+>-]
        <<]
        >>>[-]<<[-]

        # x = r times p over 64
        >>>>>[<<<<<+>>>>>-]
        <<<<<<<<<<<<[>>>>>>+>>+<<<<<<<<-]>>>>>>>>[<<<<<<<<+>>>>>>>>-]
        >++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++
        <<<[-
            >[->+>->+<[>-]>[-<++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++>>>+<]
            <<<<]
            >[<+>-]
        <<]
        >>>[-]<<[-]
        >>>>>[<<<<<<<+>>>>>>>-]

        # mark it
        <<<<<<<<<+<[>-]>[-                  # unless it is too early
            <+
            >>>[>>>+>>>>+<<<<<<<-]>>>[<<<+>>>-]
            >++++>>>[-<<<->+<[>-]>[-<++++>>>>>>>>+<<<<<<]>]<<<[-]  # one item for four values
            >>>>>>>>[-[>>>+<<<-]<+>>>>]     # go there; leave marks
            >+
            <<<<<[-<<<]                     # back over the marks
        <<<<<<<<<]
        <<-
        <-
    ]

    # print
    >>>>>>>++++++++[>>>>>>>>>++++++++<<<<<<<<<-]>>>>>>>>>  # 64 items
    [
        -[>>>+<<<-]                         # carry what is left
        +++++[<+++++++++>-]<+               # 46: a full stop
        >>[[-]<<----------->>]              # 11 less: a hash
        <<.[-]+                             # and the character becomes a mark
        >>>>
    ]
    <<<<[-<<<]
    <<<<<++++++++++.[-]                     # a newline
    <<<[-]
    <<<<<+                                  # the next line
    <-
]

# mandelbrot: a picture of the Mandelbrot set
#
# For each point c of a grid: z = 0; then sixteen times z = z times z plus c; points
# whose z runs away (farther than 2 from 0) get a character by how soon that happens
#
# Numbers are kept in units of 1/40  A signed number is two cells: its positive part
# and its negative part; one of the two is always 0  With z = x and y (its real and its
# imaginary part) one round is
#
#     x of the next z = x squared minus y squared and the real part of c
#     y of the next z = 2xy and the imaginary part of c
#
# Only squares are needed: 2xy = x squared and y squared minus the square of the
# difference of x and y (without their signs; 2xy is below 0 if one of them is)
# Squares come from a table of 249 entries; that of i holds i squared / 40 but at most 160
# which is the square of 2: anything farther away counts as that far away
#
# Look up: the index is put into the first entry and carried from entry to entry; one less
# each time; leaving marks; where it is 0 the value is fetched and carried back over the marks
#
# Subtract u minus v with a negative result in w: each unit of v takes one from u; or
# if u is 0 adds one to w
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  cols rows points left in this row; rows left
#       2  cxp cxpt cxpz real part of c above 0 (and a gap)
#       5  cxn t1 z1 below 0; helpers of if zero
#       8  cyp      imaginary part of c above 0
#       9  cyn t2 z2 below 0; helpers of if zero
#      12  xp xn yp yn z
#      16  a b c    squares of x and y and of their difference
#      19  x y d    what to look up: x and y without signs; their difference
#      22  k t3 z3  rounds left; helpers
#      25  run      1 while the point has not run away
#      26  s t4 z4  1 if the signs of x and y differ; helpers
#      29  u t5 z5  number to subtract from; helpers
#      32  v w q    number to subtract; result below 0; 2xy
#      35  n        a counter and a helper to copy
#      40  end      where the table ends to the left: no mark
#      51  mark     entry: 1 on the way back
#      52  index    entry: steps still to go
#      53  value    entry: the square
#      54  char     entry: character for a point with so many rounds left
#      55  back     entry: the value on the way back
#      56  left     table maker: entries left
#      57  odd      table maker: difference between the next square and this one
#      58  r tr zr  table maker: counted down from 40; helpers
#      61  sum      table maker: this square
#      62  mark_ index_ value_ char_ back_ left_ odd_ r_ tr_ zr_ sum_ the next entry


# make the table
>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>++++++++[<++++++++++>-]<[>+<-]  # 80 entries have squares of their own
>>+>++++++++++++++++++++                    # half of 40: so that squares are rounded
<<[-
    >>>>>[<<<<<<<<+>>+>>>>>>-]<<<<<<[>>>>>>+<<<<<<-]  # the square so far is the value
    >>[<<<<<+>>>+>>-]<<[>>+<<-]
    <<<[-                                   # add the next odd number to it
        >>>>>>->+<[>-]>[-<++++++++++++++++++++++++++++++++++++++++>>>+<]  # every 40 make one unit
    <<<<<<<<]
    >>>>>++                                 # the next odd number
    <[>>>>>>>>>>>+<<<<<<<<<<<-]>[>>>>>>>>>>>+<<<<<<<<<<<-]>[>>>>>>>>>>>+<<<<<<<<<<<-]>>>[>>>>>>>
    >>>>+<<<<<<<<<<<-]                      # carry all to the next entry
>+>>>>>]
>[-]>[-]
<<+++++++++++++[>+++++++++++++<-]           # 169 more
>[<+>-]<[-
    >>>>>[<<<<<<<<+>>+>>>>>>-]<<<<<<[>>>>>>+<<<<<<-]  # are all as the last one
    >[>>>>>>>>>>>+<<<<<<<<<<<-]>>>>>[>>>>>>>>>>>+<<<<<<<<<<<-]
>+>>>>>]
>>>>>[-]                                    # done
<<<<<<<<<<[-<<<<<<<<<<<]                    # walk back over the marks to the first entry

# make the characters: 48 and a few more or less; from no rounds left to sixteen
>>>>++++++[<++++++++>-]<---------------->>>>>>>>  # space
>>>>++++++[<++++++++>-]<---------->>>>>>>>  # ampersand
>>>>++++++[<++++++++>-]<------------->>>>>>>>  # hash
>>>>++++++[<++++++++>-]<----------->>>>>>>>  # per cent sign
>>>>++++++[<++++++++>-]<++++++++++++++++>>>>>>>>  # at
>>>>++++++[<++++++++>-]<------>>>>>>>>      # star
>>>>++++++[<++++++++>-]<----->>>>>>>>       # plus
>>>>++++++[<++++++++>-]<+++++++++++++>>>>>>>>  # equals
>>>>++++++[<++++++++>-]<--->>>>>>>>         # minus
>>>>++++++[<++++++++>-]<+++++++++++>>>>>>>>  # semicolon
>>>>++++++[<++++++++>-]<++++++++++>>>>>>>>  # colon
>>>>++++++[<++++++++>-]<---->>>>>>>>        # comma
>>>>++++++[<++++++++>-]<-->>>>>>>>          # full stop
>>>>++++++[<++++++++>-]<---------------->>>>>>>>  # space
>>>>++++++[<++++++++>-]<---------------->>>>>>>>  # space
>>>>++++++[<++++++++>-]<---------------->>>>>>>>  # space
<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<
<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<  # back to the first entry

# draw
<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<++++++++++++++++++++++++++++++++++++++++++++++++<<<<<<
<<+++++++++++++++++++++++++[-               # 25 rows: imaginary part from 48 below 0 in steps of 4
    >>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>++++++++[<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<+++++++++++>>>>>>>>
    >>>>>>>>>>>>>>>>>>>>>>-]                # real part from 88 below 0 in steps of 2
    ++++++[<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<++++++++++>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>-]<<<
    <<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<+[-     # 61 points
        >>>>>>>>>>>>>>>>>>>>>>++++++++++++++++>>>+  # z = 0; sixteen rounds
        [                                   # one round
            <<<<<<<<<<<<<[>>>>>>>+<<<<<<<-]  # x without its sign
            >[>>>>>>>>>>>>>+<<<<<<<<<<<<<[>>>>>>+<<<<<<-]]  # one below 0 changes the sign
            >[>>>>>>+<<<<<<-]               # the same for y
            >[>>>>>>>>>>>+<<<<<<<<<<<[>>>>>+<<<<<-]]
            >>>>[>>>>>>>>>>+>>>>>>+<<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>>[<<<<<<<<<<<<<<<<+>>>>>>>>>
            >>>>>>>-]                       # u = x
            <<<<<<<<<<<<<<<[>>>>>>>>>>>>+>>>+<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>[<<<<<<<<<<<<<<<+>>
            >>>>>>>>>>>>>-]                 # v = y
            <<<[-<<+<[>-]>[->>>+<<<<+>>]<<->>>]  # subtract
            <<<[<<<<<<<<+>>>>>>>>-]>>>>[<<<<<<<<<<<<+>>>>>>>>>>>>-]  # the difference without its sign

            # look up three times: x and y and d become a and b and c
            >>+++[-
                <<<<<<<<<<<<<<<<[>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>+<<<<<<<<<<<<<<<<<<<<<<<<<<<<<
                <<<<-]>[<+>-]>[<+>-]        # the first in the queue
                >>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>[-[>>>>>>>>>>>+<<<<<<<<<<<-]>>>>>>>>>>+>]  # carry it to its entry
                >[>>+<<<+>-]<[>+<-]         # fetch the value
                <[->>>>[-<<<<<<<<<<<+>>>>>>>>>>>]<<<<<<<<<<<<<<<]  # carry it back
                <<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<[-]>[<+>-]>[<+>-]>>>>>>>>>>>>>>>>>>>>>>>>>>>>
                >>>>>>>>>[<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>
                >>>>>-]                     # the last in the other queue
            <<<<<<<<<<<<<<<<<<<<]

            # has it run away?
            ++++++++++[<<<<<<++++++++++++++++>>>>>>-]  # u = 160: the square of 2
            <<<<<<<<<<<<<<<<<<<[>>>>>>>>>>>>>->>>>>+>+<<<<<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>>>>>[<
            <<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>>-]  # minus a; q = a
            <<<<<<<<<<<<<<<<<<[>>>>>>>>>>>>>>>+>>+>+<<<<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>>>>[<<<<<
            <<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>-]  # and b; q = a and b
            <<<[-<<+<[>-]>[-<+>>]<<->>>]    # minus b but not below 0
            <<+<[>-]>[-<<<<<->>>>>>]        # nothing left: it has
            <<[-]

            # the next z
            <<<<<<<<<<<[>>>>>>>>>>>>>>>>-<<<<<<<<<<<<<<<<-]  # q = a and b minus c = 2xy without its sign
            <<[>>>>>>>>>>>>>+<<<<<<<<<<<<<-]<<<<<<<<<<<<<<[>>>>>>>>>>>>>>>>>>>>>>>>>>>+>>>>>>+<<
            <<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>[<<<<<<<<<<<<<<<<<
            <<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>-]  # u = a and the part of c above 0
            <<<<<<<<<<<<<<<<<<[>>>>>>>>>>>>>>>+<<<<<<<<<<<<<<<-]<<<<<<<<<<<<[>>>>>>>>>>>>>>>>>>>
            >>>>>>>>+>>>+<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>[<<<<<<<<
            <<<<<<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>-]  # v = b and the part of c below 0
            <<<[-<<+<[>-]>[->>>+<<<<+>>]<<->>>]  # subtract
            <<<[<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>-]>>>>[<<<<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>
            >>>-]                           # that is x
            <<<<<<<->+<[>-]>[->>>>>>>[<<+>>-]<<<<<<]  # if the signs differ v = q
            <<[-]>>>>>>>>[<<<<<+>>>>>-]     # else u = q
            <<<<<<<<<<<<<<<<<<<<<<<<<<[>>>>>>>>>>>>>>>>>>>>>+>>>>>>+<<<<<<<<<<<<<<<<<<<<<<<<<<<-
            ]>>>>>>>>>>>>>>>>>>>>>>>>>>>[<<<<<<<<<<<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>>>>>>>>>>
            -]                              # and c
            <<<<<<<<<<<<<<<<<<<<<<<<<<[>>>>>>>>>>>>>>>>>>>>>>>+>>>+<<<<<<<<<<<<<<<<<<<<<<<<<<-]>
            >>>>>>>>>>>>>>>>>>>>>>>>>[<<<<<<<<<<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>>>>>>>>>-]
            <<<[-<<+<[>-]>[->>>+<<<<+>>]<<->>>]  # subtract
            <<<[<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>-]>>>>[<<<<<<<<<<<<<<<<<<+>>>>>>>>>>>>>>>>>>-]  # that is y
            <<<<<<<<<<<->+<[>-]>[->>[-]<]   # no rounds left: it stays
        >]

        # print the character of the rounds left
        <<<<<<<<<<<<<[-]>[-]>[-]>[-]        # z is done with
        >>>>>>>[>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>+<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<-]>>>>>>>>>>>>>>>>>
        >>>>>>>>>>>>>                       # walk to its entry
        [-[>>>>>>>>>>>+<<<<<<<<<<<-]>>>>>>>>>>+>]
        >>.
        <<<[-<<<<<<<<<<<]                   # walk back
        <<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<+<[>-]>[-<<<<+>>>+>>]<<-  # c: one unit more
        >+<[>-]>[-<<<<+>>>+>>]<<-           # and another one
    <<<<<]
    >>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>++++++++++.[-]  # a newline
    <<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<[-]>>>[-]
    >>>>>>>>>>>>>>>>>>>>>>>>>>>>>>++++[-<<<<<<<<<<<<<<<<<<<<<<<<<+<[>-]>[-<<+>+>>]<<->>>>>>>>>>>
    >>>>>>>>>>>>>>>]                        # four units more
<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<]

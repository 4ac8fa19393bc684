# clock: the time of day (UTC)
#
# The clock operation gives nanoseconds since 1970 as a number of eight bytes  It
# is divided by one small number after another; as on paper; one byte at a time
# from the highest one down: by 250 and 250 and 250 and 64; which gives seconds;
# by 60; by 60 and by 24: the last three remainders are second; minute and hour
#
# The remainder of the byte before counts 256 times: each of its units is d units
# once; which adds 1 to the quotient; and 256 minus d more units to count
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  go       the frame: go
#       8  b0 b1 b2 b3 b4 b5 b6 b7 the number: lowest byte first
#      16  byte     units to count
#      17  q        the quotient
#      18  d        what to divide by
#      19  s t z    units until one more d fits: counted down; helpers of if zero
#      22  x        helper to copy
#      23  left     the remainder
#      24  k        a counter
#      25  n        bytes still to divide
#      26  d1 d2 d3 d4 d5 d6 d7 what to divide by later; 0 ends the list
#      33  hour minute second the last three remainders

+%m                                         # the time
>>>>>>>>>>>>>>>>>>>>>>>>>++++++++++[<<<<<<<+++++++++++++++++++++++++>>>>>>>>++++++++++++++++++++
+++++>+++++++++++++++++++++++++>++++++>++++++>++++++>++<<<<<<-]>>>++++>>>++++  # 250 250 250 64 60 60 24

# divide
<<<<<<<<<<<<<[                              # for each divisor
    >>>>>>>++++++++[-                       # for each byte

        # take the highest byte and move the others up
        <<<<<<<<<<[>+<-]
        <[>+<-]
        <[>+<-]
        <[>+<-]
        <[>+<-]
        <[>+<-]
        <[>+<-]
        <[>+<-]

        # divide: remainder times 256 and the byte
        >>>>>>>>>>[>+>>>+<<<<-]>>>>[<<<<+>>>>-]  # d units to go
        >[-                                 # for each unit left by the byte before
            <<<<<<+                         # it holds d once
            >[>>>>>>-<<+<<<<-]>>>>[<<<<+>>>>-]  # and 256 minus d units
            >>[-                            # count each
                <<<<<->+<[>-]>[-            # one more d is full
                    <<<+>[>+>>>+<<<<-]>>>>[<<<<+>>>>-]  # count it; d units to go again
                <]
            >>>]
        <]
        <<<<<<<[-                           # and each unit of the byte
            >>>->+<[>-]>[-                  # one more d is full
                <<<+>[>+>>>+<<<<-]>>>>[<<<<+>>>>-]  # count it; d units to go again
            <]
        <<<<<]
        >>[>>>>>+<+<<<<-]>>>>[<<<<+>>>>-]<<<[>>>>-<<<<-]  # remainder: d minus the units still missing
        <<[<<<<<<<<<+>>>>>>>>>-]            # the quotient goes in at the low end
    >>>>>>>>]

    # keep the remainder and take the next divisor
    >>>>>>>>>>[-]                           # drop the oldest one
    <[>+<-]
    <[>+<-]
    <<<<<<<<<<[>>>>>>>>>>+<<<<<<<<<<-]
    <<<<<[-]
    >>>>>>>>[<<<<<<<<+>>>>>>>>-]
    >[<+>-]
    >[<+>-]
    >[<+>-]
    >[<+>-]
    >[<+>-]
    >[<+>-]
<<<<<<<<<<<<<<]

# print two digits three times
+++[-
    >++++++++++                             # ones are counted down from ten
    >>>>>>>>>>>>>>[-                        # for each unit
        <<<<<<<<<<<<<<->+<[>-]>[-<++++++++++<<+>>>>]  # ten: one more ten
    >>>>>>>>>>>>]
    <<<<<<<<<++++++++[<<<<<<<++++++>>>>>>>-]<<<<<<<.[-]  # tens
    >>>>>>>++++++[<<<<<<<+++++++++>>>>>>>-]<<<<<<<++++>>[<<->>-]<<.[-]  # ones: 58 minus the units still missing
    >>>>>>>>>>>>>>>>>[<+>-]                 # next: minutes
    >[<+>-]                                 # then seconds
    <<<<<<<<<<<<<<<<<[>>>>+>>+<<<<<<-]>>>>>>[<<<<<<+>>>>>>-]  # is there a next one?
    <<[[-]>>++++++[<<<<<<<+++++++++>>>>>>>-]<<<<<<<++++.[-]>>>>>]  # then a colon (58)
<<<<]
<++++++++++.                                # a newline

# follow: prints the lines of a file that start with E; and those that are added to it for ever
#
# Slot 0 = the file        As tail with its option f and a filter behind it; but one program
#
# Cells:
#       0  the byte               5  a copy while it is copied
#       1  is the line printed?   6  the same
#       2  does a line start?     8  frame: sleep  Its off is cells 16 to 23; of which
#       3  is there no byte?     19  is 6: that is 6 * 2^24 nanoseconds or a tenth of a second
#       4  a copy to look at
#       7  1: for ever

>>+>>>>>>>>>>>>>>>>>++++++                                 # a line starts
<<<<<<<<<<<<+[                                             # for ever:
    <<<<<<<,>>>+                                           # the next byte
    <<<[>>>-                                               # if there is one:
        <<<[->>>>+>+<<<<<]>>>>>[-<<<<<+>>>>>]              # a copy of it
        <<<[-<[-]+                                         # if a line starts: keep it
            >>>>++++++++[-<-------->]<-----[<<<[-]>>>[-]]  # unless this is no E (69)
        <<]
        >>[-]
        <<<[<.>->>>>>+<<<<<]>>>>>[-<<<<<+>>>>>]            # put it out if the line is kept
        <<<<+<<----------[>>-<<[-]]                        # behind a newline (10) a line starts
    ]
    >>>[->>>>>+%n[-]<<<<<]                                 # if there is none yet: nap
>>>>]

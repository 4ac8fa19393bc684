# follow: prints the lines of a file that start with E; also those added later; for ever
#
# Slot 0 = the file        Like tail with option f piped into a filter; but one program
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
        <<<[<.>->>>>>+<<<<<]>>>>>[-<<<<<+>>>>>]            # print it if the line is kept
        <<<<+<<----------[>>-<<[-]]                        # after a newline (10) a line starts
    ]
    >>>[->>>>>+%n[-]<<<<<]                                 # if there is none yet: nap
>>>>]

# copy files: copies the files named on the input from one directory to another
#
# Slot 0 = the names; one a line  Slot 3 = from this directory  Slot 4 = to that one
#
# One frame serves all operations on a file: open; open; move; close; close  A
# failed operation sets go to 0; all later ones are then skipped; so the
# program ends and the last operation it did is the one that failed
# A name has at most 255 bytes; an empty line ends the list
#
# Cells:
#       0  more     1: read another name
#       1  in       slot of the file to read
#       2  out      slot of the file to write
#       3  x        helper to copy
#       4  go err slot arg the frame
#      12  off      the count of bytes to move: 0 means all of them
#      19  last     its highest byte: a 0 to the left of the name
#      20  name     data: the name

+[-                                         # for each name

    # read the name
    >>>>>>>>>>>>>>>>>>>>,                   # its first byte
    ----------[>++++++++++<[->+<]]>[-<+>]<  # a newline becomes 0; others stay what they are
    [                                       # until then
        [<]<<<<<<<<<+                       # count it: over the bytes read so far to the left
        >>>>>>>>>>[>],                      # back over them to the right: the next byte
        ----------[>++++++++++<[->+<]]>[-<+>]<  # a newline becomes 0
    ]
    <[<]<<<<<<<<<[                          # unless the name is empty

        # open both files
        <<<<+++>[-]                         # beneath slot 3 to read (0)
        <<<+%o                              # arg becomes its slot
        <<<[-]>>>>>>[<<<<<<+>>>>>>-]        # keep it
        <+>+++++++++++++                    # beneath slot 4 to write (1); create (4) and truncate (8)
        <<<%o                               # the same name
        <<[-]>>>>>[<<<<<+>>>>>-]            # keep its slot too

        # copy all of it without a buffer
        <[-]
        <<<<<[>>>>>+<<<+<<-]>>[<<+>>-]      # from here
        <[>>>>>+<<<<+<-]>[<+>-]             # to there
        >%x                                 # move
        [-]+                                # an empty file ends at once: continue even so
        >[<->[-]]                           # but not after an error

        # close both files
        <%c                                 # slot is still the one to read
        >>[-]<<<<[>>>>+<<<<-]
        >>%c                                # and the other one

        # prepare for the next name
        [-<<<<+>>>>]                        # if nothing failed
        >>[-]
        >>>>>>[-]>[-]>[-]>[-]>[-]>[-]>[-]>[-]  # off: the bytes moved
        >[>]<[[-]<]                         # the name
        <<<<<<<<<[-]
    ]
<<<<<<<<<<]

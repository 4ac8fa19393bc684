# append: adds the line on the input to a file named log in a directory
#
# Slot 0 = in  Slot 3 = the directory
#
# The program has no file names of its own: it can open log only because the
# caller handed over its directory  A line may have 4096 bytes
# If log cannot be opened nothing is written; and the run ends with that failure
# as its last operation; so bfk run reports it
#
# Cells:
#       0  go       frame of the line
#       2  slot     the file: 0 to read and then what open gives
#       5  caph     high byte of cap: units of 256 bytes
#   24 left  ogo oerr oslot oarg frame of the open; left of the first cell: around the ring
#   18 left  olen     length of the name
#   8 left  n a m    the name
#   5 left  k        a counter

>>>>>++++++++++++++++                       # at most 4096 bytes
<<<<<+%r                                    # read the line
[                                           # if there is one

    # open log beneath the directory
    <<<<<<<<<<<<<<<<<<<<<<+++               # in slot 3
    >+++++++++++++++++++++                  # to write (1); create (4) and append (16)
    >>>+++                                  # three letters
    >>>>>>>>>>>>>++++++++++[<<<+++++++++++>+++++++++++>++++++++++>-]<<<-->+>+++  # l (108) o (111) g (103)
    <<<<<<<<<<<<<<<<<<+%o                   # open it: arg becomes its slot
    [-                                      # if that went well
        >>>[>>>>>>>>>>>>>>>>>>>>>>>+<<<<<<<<<<<<<<<<<<<<<<<-]  # the slot to write to
        >>>>>>>>>>>>>>>>>>>>>%w             # write the line
    <<<<<<<<<<<<<<<<<<<<<<<<]
    >>>>>>>>>>>>>>>>>>>>>>>>[-]             # done
]

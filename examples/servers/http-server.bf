# http server: answers each request with a file of a directory; one connection after the other
#
# Slot 0 = the header of the answers: a line of version and 200; other header lines; and an
#          empty line; all end with CR LF
# Slot 3 = a socket that listens
# Slot 4 = the directory
#
# GET /name asks for the file called name; exactly as written: nothing is decoded  The name
# ends at the first space; or @ or ` as these too are 0 if multiplied by 8  If the file cannot be
# opened the header says 404  The operation that opens never leaves the directory
#
# Two frames  W is at the start of the tape and sends the header: its slot is 0; its data is the
# header; and data 9 and 11 are the digits that differ  F begins in the cell after
# the header; wherever that is: from any cell of the header the next 0 to the right is F; and the
# next 0 to the left is cell 15 of W
#
# Cells of F:
#       0  go: of accept and read and open in turn; each is skipped if the one before failed
#       2  slot          3  arg: not 0 after a successful open
#       4  cap: cell 5 is 8 so it is 2048
#       6  len           8  off: how much to move; 0 is all of it
#      16  data: the request; and the name: it moves there from cell 21 cell by cell
#
# A request of any length is safe: at most 2048 bytes are read; so a 0 always follows them

+%r%c                                          # W: read the header; empty slot 0
>>>>>>>>>>>>>>>>>>>>>>>>>++>>++++[>]           # make it 404; and go to F
>>>>>++++++++<<<+++<<+%a[                      # slot 3: for each connection; which gets slot 0
    >>---<<%r                                  # the request
    >>>>>>[-]>[-]                              # len: 0
    >[-]>[-]>[-]>[-]                           # off: 0
    >>>>>[-]>[-]>[-]>[-]>[-]                   # its first 5 characters are dropped
    <<<<+[                                     # for each of the next
        [-]<[<]<<<<<<<<<+>>>>>>>>>>[>]         # count it in len
        >>>>>[-<<<<<+>>>>>]                    # it moves 5 cells to the left
        <<<<<[->++++++++>+<<]>>[-<<+>>]<       # 8 times it is 0 for a space; and at the end
    ]
    <[-]<[<]<<<<<<<<<-                         # without the space and what follows it
    <<<<++++<<%o                               # slot 4: open it; the file gets slot 5
    [-<[<]>>>>>>>>>>-->>----[>]]               # found: 200
    <[<]<<<<<<<<<<<<<<<+%w>>>>>>>>>>>>>>>>[>]  # send the header
    >>>[[-]<<<<[<]>>>>>>>>>>++>>++++[>]+>>>]   # found: 404 again; and go is 1
    <+<<%x[-]+%c                               # slot 5: move the file to slot 0; close it
    >>-----<<[-]+%c                            # slot 0: close the connection
    >>+++<<%a
]

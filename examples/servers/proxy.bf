# proxy: passes everything between two sockets; both ways; for one connection
#
# Slot 3 = a socket that listens
# Slot 4 = a connected socket
#
# Waits until either has data and passes it on  When one sends no more; that is passed
# on too; and the other may finish  Then the program ends; and with it both connections
# While one side does not accept data the proxy waits for it; and reads nothing
#
# Three frames: A accepts and is at cell 13; so the slot of the connection (arg) is where frame E
# has the first slot to wait for  E is at cell 0; its data is two pairs of a slot and whether
# it can be read  B is at cell 20 and copies
#
# Cells:
#    E: 0  go   6  len  16  a slot  17  can it be read?  18  a slot  19  can it be read?
#    A:13  go  15  slot 16  arg
#    B:20  go  22  slot 23  arg: 1 if the end of the input is reached; it also
#                           makes shutdown end the sending direction

>>>>>>>>>>>>>>>+++<<+%a[-     # A: accept on slot 3; it gets slot 5; in cell 16
>>--->>>++++                  # slot 5 and slot 4
<<<<<<<<<<<<++++              # are 4 cells of data of E
>>>>>>>>>>>>>>>>+++++
<<<<<<<<<<<<<<<<<<<<<<+%e[    # until one of them can be read: wait
    >>>>>>>>>>>>>>>>>[[-]     # if slot 5 can be:
        >>>+%r>>-<<%w         # B: read from it; write to slot 4
        >>>+<<<[->>>-<<<]     # if that was its end:
        >>>[<<<+%h%r          # tell slot 4
            [>>+<<%w>>-<<%r]  # the rest from slot 4 goes to slot 5
            >>>-<<<+%q>>>]    # and the program ends
    <+<<<<<]
    >>>>>-
    <<<[[-]                   # if slot 4 can be: the same the other way
        >+%r>>+<<%w
        >>>+<<<[->>>-<<<]
        >>>[<<<+%h%r
            [>>-<<%w>>+<<%r]
            >>>-<<<+%q>>>]
    <-<<<]
    >>>+
<<<<<<<<<<<<<<<<<<<<<<%e]
>>>>>>>>>>>>>]

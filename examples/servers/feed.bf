# feed: slot 0 to slot 3 and to slot 4; a slow receiver misses data and delays nobody
#
# Slot 0 = in  Slot 3 and slot 4 = sockets
#
# A send without waiting may send only some bytes or none and set len and go accordingly: but the
# other socket must get all  So frame and data are kept elsewhere on the tape and copied back
#
# Two frames: K is at cell 0 and copies R: its data are R and what R has read
#
# Cells:
#    K: 0  go   3  arg: 1 keeps; 0 brings back   7  len: 17 * 256 cells   9  off: 128 * 256
#    R:16  go  18  slot                         21  cap: 16 * 256        32  data

>>>>>>>+++++++++++++++++             # len
>++++++++[>++++++++++++++++<-]       # off
>>>>>>>>>>>>>++++++++++++++++        # cap
<<<<<+%r[                            # R: read; while there is something
    >>+++<<<<<<<<<<<<<<<+<<<+%k      # K: keep it; with slot 3
    >>>>>>>>>>>>>>>>%s               # R: send it
    <<<<<<<<<<<<<-<<<%k              # K: bring it back
    >>>>>>>>>>>>>>>>>>+<<%s          # R: send it to slot 4 too
    >>----<<[-]+%r                   # read more from slot 0
]

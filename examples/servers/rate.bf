# rate: slot 0 to slot 1; at most 4096 bytes every tenth of a second
#
# One frame serves read and write and sleep  cap is for the read; off is for the sleep
#
# Cells:
#       0  go   2  slot   4  cap: cell 5 is 16 so it is 16 * 256   6  len
#       8  off: cell 11 is 6 so it is 6 * 2^24 nanoseconds; a tenth of a second      16  data

>>>>>++++++++++++++++  # cap: 4096 bytes
>>>>>>++++++           # off: a tenth of a second
<<<<<<<<<<<+%r[        # while there is something
    >>+<<%w%n          # write it to slot 1; and sleep
    >>-<<%r            # read more from slot 0
]

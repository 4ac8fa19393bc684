# tee: slot 0 to slot 1 and to slot 3
#
# The frame is that of copy; each piece is written twice  If the first write fails
# it sets go to 0 and the second write and the read do nothing
#
# Cells:
#       0  go     2  slot     6  len     16  data

+%r[                            # read; while there is something
    >>+<<%w                     # write to slot 1
    >>++<<%w                    # write to slot 3
    >>---<<%r                   # read from slot 0
]

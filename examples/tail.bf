# tail: the last 60 bytes of a file
#
# The offset of a seek is a number of eight bytes; lowest first; minus 60 is 196 and
# seven times 255: every cell counts down from 0 and wraps  In a file of fewer than
# 60 bytes the seek fails and sets go to 0; and the whole file is
# printed
#
# Cells:
#       0  go     2  slot     3  arg: 2 means from the end     8 to 15  off     16  data

>>>++                           # from the end
>>>>>                           # minus 60:
------------------------------
------------------------------
>->->->->->->-                  # 255 in the seven higher bytes
<<<<<<<<<<<<<<<
+%l                             # seek
[-]+                            # whether or not that worked:
%r[>>+<<%w>>-<<%r]              # copy the rest

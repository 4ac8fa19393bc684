# move: slot 0 to slot 1 as one operation; no byte passes over the tape
#
# The input has to be a seekable file (as for sendfile)
#
# Cells:
#       0  go     2  slot: from     3  arg: to     8  off: how many bytes; 0 means all

>>>+<<<                         # to slot 1
+%x                             # move

# copy: slot 0 to slot 1 until the end of the input or until something fails
#
# One frame at cell 0 serves both operations: they use the slot in cell 2 and set
# cell 0 (go) to whether to continue  A write takes the len bytes that the read left
#
# Cells:
#       0  go: 1 until the input ends     2  slot     6  len     16  data

+%r[>>+<<%w>>-<<%r]

# read by read:
#
#   go = 1 and read        slot is 0
#   while go is not 0
#       slot = 1 and write
#       slot = 0 and read

# echo server: sends back whatever is sent to it; one connection after the other
#
# Slot 3 = a socket that listens
#
# Two frames lie on top of each other; the second one cell to the right  What accept
# leaves in arg of the first is slot of the second; so nothing has to be copied
# Accept failed: go is 0; and so the server ends; with the errno of its last operation
#
# Cells:
#       first: 0  go  1  err  2  slot  3  arg
#      second: 1  go  2  err  3  slot  7  len  17  data

>>+++<<+%a[         # slot 3: for each connection
    >+%r[%w%r]      # what is read is written; until the peer has no more to say or is gone
    +%c             # close the connection
    >[-]+++<<%a     # err of the second has been slot of the first: make it 3 again
]

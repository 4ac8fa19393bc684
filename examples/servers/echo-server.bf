# echo server: sends back whatever is sent to it; one connection after the other
#
# Slot 3 = a socket that listens
#
# Two frames overlap; the second one starts a cell further right  The slot that accept
# returns in arg of the first is slot of the second; so nothing has to be copied
# If accept fails go is 0 and the server ends; with the errno of its last operation
#
# Cells:
#       first: 0  go  1  err  2  slot  3  arg
#      second: 1  go  2  err  3  slot  7  len  17  data

>>+++<<+%a[         # slot 3: for each connection
    >+%r[%w%r]      # write what is read; until the peer sends no more or is gone
    +%c             # close the connection
    >[-]+++<<%a     # err of the second is slot of the first: make it 3 again
]

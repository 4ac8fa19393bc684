# head: the first ten lines of the input
#
# The program counts lines down from ten and stops at none; the end of the
# input (which comma gives as 0) makes it none at once
#
#   If zero: to do something when cell x is 0 the two cells to its right help:
#   t is set to 1; if x is not 0 then t is cleared; what is still set decides
#   After either way the head is on z which is always 0
#
# Cells:
#       0  lines    lines still to print
#       1  c        the byte at hand
#       2  t        helper of if zero
#       3  z        always 0

++++++++++                                  # ten lines
[                                           # while there are lines to print
    >,                                      # a byte
    >+<[>-]>[-<<[-]>>>]                     # if it is 0 the input has ended: no more lines
    <<[                                     # otherwise
        .                                   # print it
        ----------                          # is it a newline (10)?
        >+<[>-]>[-<<->>>]                   # then one line less
        <<[-]                               # done with it
    ]
<]

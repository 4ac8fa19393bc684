# head: the first ten lines of the input
#
# The program counts lines down from ten and stops at zero; the end of the
# input (which comma gives as 0) clears the count at once
#
#   If zero: the two cells to the right of x help to do something when x is 0:
#   t is set to 1; if x is not 0 then t is cleared; then t decides
#   Either way the head ends on z which is always 0
#
# Cells:
#       0  lines    lines still to print
#       1  c        the current byte
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

# wc c: prints how many bytes the input has; in decimal
#
# Slot 0 = in  Slot 1 = out
#
# The input comes in pieces of at most 255 bytes; so that the length of a piece
# fits one cell  Each byte of a piece counts the number up by one
#
# The number is a row of digits of four cells each: units in the cells 0 to 3 and
# each higher digit to the left of the one below it; around the ring  A digit is
# kept as 10 minus its value: to count up is to count down to 0; which is easy to
# test; a cell of 0 is a digit that is not used yet
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  carry    digit: 1 if it has to be counted up
#       1  r        digit: 10 minus its value or 0: not used yet
#       2  t z      digit: helpers of if zero
#       5  end      0: where walks to the right end
#   4 left  higher   the carry of the next higher digit
#       8  go       frame of the read: go

>++++++++++                                 # the number is 0: one digit
>>>>>>>>>>>-                                # 255 (one less than 0) bytes at most
<<<<+%r                                     # read a piece
[                                           # until the input ends
    >>>>>>[-                                # for each byte of the piece
        <<<<<<<<<<<<<<+[-                   # count up the units
            >>+<[>-]>[-<++++++++++>>]       # a digit not used so far is 0
            <<-                             # count it up
            >+<[>-]>[-<++++++++++<<<<<+>>>>>>>]  # it was 9: now 0 and carry
            <<<<<<<                         # the next higher digit
        ]
        >>>>>[>>>>]                         # walk back over the digits
    >>>>>>>>>]
    <<<<<<%r                                # read the next piece
]

# print the digits
<<<<<<<[<<<<]>>>>                           # walk to the highest digit
[                                           # for each digit
    >>++++++[<+++++++++>-]<++++             # 58: the digit ten
    <[>-<-]                                 # minus r makes it the digit
    >.[-]                                   # print it
    >>>                                     # the next lower digit
]
++++++++++.                                 # a newline

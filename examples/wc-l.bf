# wc l: prints how many lines the input has; in decimal
#
# Slot 0 = in  Slot 1 = out
#
# The input comes in large pieces  One frame reads a piece and then finds one newline after another
# in it: find leaves its frame ready for the next  Each newline counts the number up by one
#
# The number is kept as in wc c: a row of digits of four cells each; units in the cells 0 to 3 and each
# higher digit to the left of the one below it; a digit is kept as 10 minus its value
#
# Cells:
#       0  carry    digit: 1 if it has to be counted up
#       1  r        digit: 10 minus its value or 0: not used yet
#       2  t z      digit: helpers of if zero
#       5  end      0: where walks to the right end
#   4 left  higher   the carry of the next higher digit
#       8  go       of the frame           11  arg: what to find: a newline is 10
#      14  len      of the frame           16  off: where to find it     24  data

>++++++++++                                 # the number is 0: one digit
>>>>>>>>>>++++++++++                        # find newlines
<<<+%r                                      # read a piece
[                                           # until the input ends
    >>>>>>>>[-]++++++++++++++++++++++++     # from its first byte in cell 24
    >[-]<<<<<<<<<%f[                        # for each newline
        <<<<<<<<+[-                         # count up the units
            >>+<[>-]>[-<++++++++++>>]       # a digit not used so far is 0
            <<-                             # count it up
            >+<[>-]>[-<++++++++++<<<<<+>>>>>>>]  # it was 9: now 0 and carry
            <<<<<<<                         # the next higher digit
        ]
        >>>>>[>>>>]                         # walk back over the digits
    >>>%f]
    +%r                                     # read the next piece
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

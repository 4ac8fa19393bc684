# factorial: all digits of 220 factorial
#
# The number is a row of decimal digits; the lowest first; an item of eight cells each
# A walk for each n from 220 down to 1 carries n along and multiplies: every digit times n is
# counted unit by unit; ten units are one for the next digit
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Heavy in: counting in nested loops
#
# Cells:
#        0  stop     home: no mark: where walks home end
#        1  n        home: what to multiply by
#        2  x        home: helper to copy
#        8  mark     item: 1 if there is a digit
#        9  d        item: the digit
#       10  y        item: the carry from the digit before
#       11  m        item: n
#       12  w        item: helper to copy
#       13  u t z    item: units until the next ten; helpers of if zero
#       16  mark_ d_ y_ m_ w_ u_ the next item

>>>>>>>>+>+                                 # the number 1
<<<<<<<<++++++++++++++++++++++[>++++++++++<-]>[<+>-]<  # 220
[
    [>>>>>>>>>>+<<<<<<<<<+<-]>[<+>-]        # n goes to the lowest digit
    >>>>>>[                                 # for each digit
        >>>>>++++++++++
        <<<[->>>->+<[>-]>[-<++++++++++>>>>>+<<<]<<<<<]  # count the carry
        <[-                                 # and for each unit of the digit
            >>[->+>->+<[>-]>[-<++++++++++>>>>>+<<<]<<<<]  # count n
            >[<+>-]
        <<<]
        ++++++++++>>>>[<<<<->>>>-]          # the digit is 10 minus the units still missing
        <<[>>>>>>>>+<<<<<<<<-]              # carry n
        >>>>>>>[>>>+<+<<-]>>>[<<<+>>>-]     # is there a carry
        <[<<<<[-]+>>>>[-]]                  # then there is one more digit
        <<<<
    ]
    >>>[-]                                  # the end: drop n
    <<<<<<<<<<<[<<<<<<<<]                   # home
    >-                                      # the next n
]

# print from the highest digit down
>>>>>>>[>>>>>>>>]
<<<<<<<<[                                   # for each digit
    >>>>>>++++++[<<<<<++++++++>>>>>-]<<<<<. # 48 more make a character
    <<<<<<<<<
]
++++++++++.                                 # a newline

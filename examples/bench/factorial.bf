# factorial: all digits of 220 factorial
#
# The number is a row of decimal digits; the lowest first; an item of eight cells each
# A walk for each n from 220 down to 1 takes n along and multiplies: every digit times n is
# counted unit by unit; ten units are one for the next digit
#
# If zero: to do something when cell x is 0 the two cells to its right (t and z)
# help: t is set to 1; if x is not 0 then t is cleared; what is still set decides;
# after either way the head is on z which is always 0
#
# Heavy in: counting in nested loops
#
# Cells:
#        0  stop     home: no mark: where walks home end
#        1  n        home: what to multiply by
#        2  x        home: helper to copy
#        8  mark     item: 1 if there is a digit
#        9  d        item: the digit
#       10  y        item: what came over from the digit before
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
        <<<[->>>->+<[>-]>[-<++++++++++>>>>>+<<<]<<<<<]  # count what came over
        <[-                                 # and for each unit of the digit
            >>[->+>->+<[>-]>[-<++++++++++>>>>>+<<<]<<<<]  # count n
            >[<+>-]
        <<<]
        ++++++++++>>>>[<<<<->>>>-]          # the digit is 10 minus what was still to go
        <<[>>>>>>>>+<<<<<<<<-]              # carry n
        >>>>>>>[>>>+<+<<-]>>>[<<<+>>>-]     # did something come over
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

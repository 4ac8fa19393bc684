# token: sixteen random bytes; in hexadecimal
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  go       the frame: go
#      17  n        bytes to go
#      18  hi lo    the two digits
#      20  s t z    counted down; helpers of if zero
#      23  m        digits to go
#      24  c        the character to print

>>>>+                                       # one byte at a time
>>>>>>>>>>>>>++++++++++++++++[-             # sixteen times
    <<<<<<<<<<<<<<<<<[-]+%u                 # a random byte

    # divide it by 16
    >>>>>>>>>>>>>>>>>>>>++++++++++++++++
    <<<<[-                                  # for each unit
        >>>+
        >->+<[>-]>[-<++++++++++++++++<[-]<+>>>>]  # sixteen: one more in the high digit
    <<<<<<]
    >>>>[-]

    # print both digits
    >>>++[-
        <<<++++++++[>>>>++++++<<<<-]        # 48: the digit 0
        ++++++++++                          # there are ten digits and then letters
        <<[->>>>>>+                         # for each unit: the next character
            <<<<->+<[>-]>[->>>+++++++++++++++++++++++++++++++++++++++<<]  # after the digit 9 (57): 39 more make a (97)
        <<<<]
        >>>>>>.[-]<<<<[-]                   # print it
        <[<+>-]                             # the other digit
    >>>>]
<<<<<<]
>>>>>>>++++++++++.                          # a newline

# primes: the prime numbers below 256
#
# Every prime p is a clock that rings every p numbers  The program counts n up
# from 2 and ticks every clock at each n; if none rings then n is a new
# prime: it is printed and becomes a clock itself
#
# The clocks are items of eight cells; one after another; n travels along them
# and back  Numbers are printed with the help of free cells after the last clock
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#   8 left  home     the item before the first; it has no prime; n waits there
#   1 left  homen    n at home
#       0  p        item: the prime or 0: free
#       1  k kt kz  item: numbers until the clock rings; helpers
#       4  f ft fz  item: set if a clock rang on the way; helpers
#       7  n        item: the current number
#      16  w        the number to print
#      17  x        helper to copy
#      18  o ot oz  ones: counted down from 10; helpers
#      21  d dt dz  tens: counted down from 10; helpers
#      24  h        hundreds
#      25  e        tens
#      26  g        set if a digit must be printed

<++                                         # begin with 2
[                                           # until n wraps to 0
    [>>>>>>>>+<<<<<<<<-]                    # carry n to the first clock

    # tick every clock
    >[                                      # for each clock
        >-                                  # tick
        >+<[>-]>[-                          # does it ring?
            <<[>+>+<<-]>>[<<+>>-]           # then wind it up again
            >>+                             # and n is not a prime
        <]
        >[>>>>>>>>+<<<<<<<<-]               # carry the news to the next clock
        >>>[>>>>>>>>+<<<<<<<<-]             # and n
        >                                   # go there
    ]

    # the free item after the last clock
    >>>>>+<[>-]>[-                          # if none rang: a prime
        >>[<<<<<<<+>+>>>>>>>>>>>>>>>+>+<<<<<<<<<<-]  # a new clock
        >>>>>>>>>>[<<<<<<<<<<+>>>>>>>>>>-]

        # print it
        >++++++++++>>>++++++++++            # digits are counted down
        <<<<<[-                             # for each unit of the number
            >>-                             # count it
            >+<[>-]>[-<++++++++++>>>>>>>+   # ten: the ones begin again; one ten more
                <<<<-                       # count the tens
                >+<[>-]>[-<++++++++++>>>>[-]<+<]  # a hundred: the tens begin again
            <<<]
        <<<<]
        >>>>>>>>[>>+<<<<<<<<<++++++[>>>>>>>++++++++<<<<<<<-]>>>>>>>.[-]]  # hundreds if there are any
        >[<<<<<<<<+<+>>>>>>>>>-]<<<<<<<<[>>>>>>>>+<<<<<<<<-]  # is there a ten?
        >>>>>>>>>[<<<<<<<<<<+>>>>>>>>>>-]   # or were there hundreds?
        <<<<<<<<<<[[-]>++++++[>>>>>>>>++++++++<<<<<<<<-]>>>>>>>>.[-]<<<<<<<<<]  # then the tens
        >++++++[<+++++++++>-]<++++          # 58: the digit ten
        >>[<<->>-]<<.[-]                    # minus o makes it the ones
        ++++++++++.[-]                      # a newline
        >>>>>[-]                            # done
    <<<<<<<<<<<<<<<]
    <<[-]                                   # forget the news

    # carry n home
    >>>[-<<<<<<<<+>>>>>>>>]<<<<<<<<<<<<<<<  # from the free item
    [                                       # and over all clocks
    >>>>>>>[-<<<<<<<<+>>>>>>>>]<<<<<<<<<<<<<<<]  # to the item before
    >>>>>>>+                                # home: the next number
]

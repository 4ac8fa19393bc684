# cat: prints its input; in plain Brainfuck
#
# Comma and full stop move one byte each; bfk buffers up to 4096 bytes for them
# At the end of the input comma gives 0 and the loop ends: so it also ends
# at a byte that is 0; copy does not
#
# Cells:
#       0  the byte

,[.,]

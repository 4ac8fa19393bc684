# quit: ends with status 0 if there is any input and with 1 if there is none
#
# Cells:
#       0  go     3  arg: the status     4  cap     16  data

>>>+>+<<<<                      # status 1; read one byte at most
+%r                             # go: is there input?
[>>>-<<<-]                      # then status 0
+%q                             # quit

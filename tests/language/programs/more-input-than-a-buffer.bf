Prints the first byte of each ten of the input
,[.>,,,,,,,,,<,]

After the end of input there is an end of input again
,[.,] +++,. +,. +,.

The kernel and the interpreter run this and are compared; input is in exploit dot in if that exists
++++++++[>++++++++<-]>+.

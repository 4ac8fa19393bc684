100% of this is plain: a % is a comment here, and %r is too
++++++++[>++++++++<-]>+. %

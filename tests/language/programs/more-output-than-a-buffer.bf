Ten times ten times fifty letters: more than the 4096 bytes that are written at once
++++++++++[>++++++++++++<-]>>++++++++++[>++++++++++[>
++++++++++++++++++++++++++++++++++++++++++++++++++
[<<<.>>>-]<-]<-]

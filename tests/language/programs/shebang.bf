#!/usr/bin/env -S bfk run [ % ] this line has brackets and operations that do not count
+++++++[>+++++++++<-]>.

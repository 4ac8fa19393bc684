len 0 is written without error: go stays 1
+>>+<<%w.>.

cap 3 then single bytes
>>>>+++<<<<+%r>>+<<%w[-]>,.,.,.,.

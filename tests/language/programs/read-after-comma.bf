What a comma has read ahead comes first
,.>+%r>>+<<%w

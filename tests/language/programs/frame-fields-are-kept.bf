A read changes go err len and data but neither slot nor cap
>>>>+++++<<<<+%r
.>.>.>.>.>.>.>.

WARNING:|BUG:|Oops|Kernel panic|general protection fault|kernel tried to execute|unable to handle
possible (circular|recursive)|inconsistent lock state|suspicious RCU|sleeping function called
rcu: .*stall|self-detected stall|INFO: task .* blocked|soft lockup|hard LOCKUP|scheduling while atomic
unwind|bad frame pointer|KASAN:|UBSAN:|Call Trace:|bfk-vm:

/* SPDX-License-Identifier: GPL-2.0-only */
/* The subcommands of bfk, and of bfk-dump (cmd_audit). */
#ifndef BFK_CMD_COMMANDS_H
#define BFK_CMD_COMMANDS_H

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compile(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_ops(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_submit(int argc, char **argv);

#endif

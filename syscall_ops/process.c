// SPDX-License-Identifier: GPL-2.0-only
/* The process family. bfk(7) says what each operation takes and gives. */
#include <linux/pid_namespace.h>
#include <linux/random.h>
#include "bfk/run.h"

/* Who runs this, as its namespaces see it. */
int bfk_op_ids(struct bfk_call *call)
{
	struct pid_namespace *pids = task_active_pid_ns(current);
	struct user_namespace *users = current_user_ns();

	switch (call->frame.arg) {
	case 0: call->frame.off = task_tgid_nr_ns(current, pids); return 0;
	case 1: call->frame.off = task_ppid_nr_ns(current, pids); return 0;
	case 2: call->frame.off = from_kuid_munged(users, current_uid()); return 0;
	case 3: call->frame.off = from_kgid_munged(users, current_gid()); return 0;
	default: return -EINVAL;
	}
}

int bfk_op_quit(struct bfk_call *call)
{
	call->run->report.exit_code = call->frame.arg;
	call->run->machine.status = BFK_STATUS_QUIT;
	return 0;
}

int bfk_op_random(struct bfk_call *call)
{
	get_random_bytes(call->data, call->room);
	call->frame.len = call->room;
	return 0;
}

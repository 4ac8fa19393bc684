// SPDX-License-Identifier: GPL-2.0-only
/* The process family. bfk(7) says what each operation takes and gives. */
#include <linux/pid_namespace.h>
#include <linux/random.h>
#include "bfk/run.h"

/* Who runs this, as its namespaces see it. */
int bfk_op_ids(struct bfk_call *call)
{
	if (call->frame.arg == 0)
		call->frame.off = task_tgid_nr_ns(current, task_active_pid_ns(current));
	else if (call->frame.arg == 1)
		call->frame.off = task_ppid_nr_ns(current, task_active_pid_ns(current));
	else if (call->frame.arg == 2)
		call->frame.off = from_kuid_munged(current_user_ns(), current_uid());
	else if (call->frame.arg == 3)
		call->frame.off = from_kgid_munged(current_user_ns(), current_gid());
	else
		return -EINVAL;
	return 0;
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

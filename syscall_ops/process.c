// SPDX-License-Identifier: GPL-2.0-only
/* The process family. What each operation takes and gives is in bfk(7). */
#include <linux/random.h>
#include "table.h"

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

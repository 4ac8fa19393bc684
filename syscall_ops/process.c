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
	size_t len;
	u8 *to = bfk_call_room(call, &len);

	get_random_bytes(to, len);
	call->frame.len = len;
	return 0;
}

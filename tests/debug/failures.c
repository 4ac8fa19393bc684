// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of every call fails once: a call is made anew with its first failing, its second,
 * and so on, until it needs fewer. Each time the call says so or does without, the instance can be
 * used as before, and what a failed call held is let go. On the debug kernel, in the guest.
 */
#include "fault.h"
#include "tests/device/uring.h"
#include <sys/un.h>

/* What a call needs: an instance, and files, whose numbers are the slots they go to. */
enum { PIPE_OUT, PIPE_IN, DATA, DIRECTORY, LISTENER, SOCKET, TARGET, WATCH, N_FILES };

struct scene {
	struct dev dev;
	int files[N_FILES], pipe_in, pipe_out, peer, client, watch;
	const void *source;
	uint32_t source_len;
};

/**
 * struct subject - a call, made again and again
 * @name: as it is reported
 * @source: what is loaded before the call, NULL: nothing
 * @frame: of the operation, on cell 0, with go
 * @data: after it, as text or @frame.len bytes
 * @flags: of LOAD
 * @call: makes the call; returns 0 or -errno
 */
struct subject {
	const char *name, *source;
	struct frame frame;
	const char *data;
	uint32_t flags;
	int (*call)(struct scene *scene, const struct subject *subject);
};

static int fault;

static int listener_make(struct scene *scene)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	EQUAL(bind(fd, (void *)&name, sizeof(sa_family_t)), 0); /* a name the kernel chooses */
	EQUAL(listen(fd, 1), 0);
	EQUAL(getsockname(fd, (void *)&name, &len), 0);
	scene->client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	EQUAL(connect(scene->client, (void *)&name, len), 0);
	return fd;
}

static void files_make(struct scene *scene)
{
	int *files = scene->files, ends[2];

	pipe_make(ends);
	files[PIPE_OUT] = ends[0];
	scene->pipe_in = ends[1];
	EQUAL(write(ends[1], "abcdefgh", 8), 8);
	pipe_make(ends);
	scene->pipe_out = ends[0];
	files[PIPE_IN] = ends[1];
	files[DATA] = file_make("0123456789abcdef", 16);
	files[DIRECTORY] = open("/tmp/failures", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	files[LISTENER] = listener_make(scene);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	files[SOCKET] = ends[0];
	scene->peer = ends[1];
	EQUAL(write(scene->peer, "abcdefgh", 8), 8);
	files[TARGET] = file_make("", 0);
	pipe_make(ends);
	scene->watch = ends[0];
	files[WATCH] = ends[1];
	unlinkat(files[DIRECTORY], "new", 0);
}

static struct scene scene_open(const struct subject *subject)
{
	struct scene scene = { .dev = dev_open(subject->flags) };
	struct frame frame = subject->frame;

	files_make(&scene);
	if (subject->source)
		dev_load(&scene.dev, subject->source);
	if (subject->data && !frame.len)
		frame.len = strlen(subject->data);
	lay(&scene.dev, 0, frame, subject->data ?: "", frame.len);
	return scene;
}

/* The instance does what it is for, and it had no file but while a run held it. */
static void scene_close(struct scene *scene)
{
	struct dev *dev = &scene->dev;
	int i;

	dev_load(dev, "+++[>++<-]");
	EQUAL(dev_run(dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(dev->tape[1], 6);
	for (i = 0; i < N_FILES; i++)
		close(scene->files[i]);
	CHECK(is_hung_up(scene->watch));
	dev_close(dev);
	close(scene->pipe_in);
	close(scene->pipe_out);
	close(scene->peer);
	close(scene->client);
	close(scene->watch);
}

/* --- calls --------------------------------------------------------------------------------------- */

static int call_open(struct scene *scene, const struct subject *subject)
{
	int fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);

	(void)scene, (void)subject;
	return fd < 0 ? -errno : close(fd);
}

static int call_load(struct scene *scene, const struct subject *subject)
{
	static char large[300000];
	static struct bfk_op ops[] = { { .kind = BFK_OP_END } };
	struct bfk_load_args args = load_args(subject->data ?: "+[-]>,.%o%w", subject->flags);

	if (subject->flags & BFK_LOAD_OPS)
		args = ops_args(ops, 1, 0);
	if (subject->frame.arg) { /* more than the allocator of small things has */
		memset(large, '+', sizeof(large));
		args.source = (uintptr_t)large;
		args.source_len = sizeof(large);
	}
	args.tape = (uintptr_t)"tape";
	args.tape_len = 4;
	return dev_call(scene->dev.fd, BFK_LOAD, &args);
}

static int call_run(struct scene *scene, const struct subject *subject)
{
	struct bfk_run_args args = run_args(scene->files, N_FILES, 1000);

	(void)subject;
	return dev_call(scene->dev.fd, BFK_RUN, &args);
}

static int call_reset(struct scene *scene, const struct subject *subject)
{
	(void)subject;
	return dev_reset(scene->dev.fd, 0);
}

static int call_info(struct scene *scene, const struct subject *subject)
{
	struct bfk_info_args args = {};

	(void)subject;
	return dev_call(scene->dev.fd, BFK_INFO, &args);
}

static int call_dump(struct scene *scene, const struct subject *subject)
{
	static uint8_t text[4096];
	static struct bfk_op ops[100];
	struct bfk_dump_args args = { .text = (uintptr_t)text, .text_len = sizeof(text) };

	(void)subject;
	args.ops = (uintptr_t)ops;
	args.n_ops = 100;
	return dev_call(scene->dev.fd, BFK_DUMP, &args);
}

static int call_mmap(struct scene *scene, const struct subject *subject)
{
	void *tape = mmap(NULL, TAPE_CELLS, PROT_READ, MAP_SHARED, scene->dev.fd, 0);

	(void)subject;
	return tape == MAP_FAILED ? -errno : munmap(tape, TAPE_CELLS);
}

/* Of a descriptor that is not the last, whose run ends by it. */
static int call_close(struct scene *scene, const struct subject *subject)
{
	(void)subject;
	return close(dup(scene->dev.fd));
}

static int call_fdinfo(struct scene *scene, const struct subject *subject)
{
	char path[40], text[1000];
	int fd, len;

	(void)subject;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", scene->dev.fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, sizeof(text));
	len = len < 0 ? -errno : 0;
	close(fd);
	return len;
}

/* --- the sweep ----------------------------------------------------------------------------------- */

/* What the operation says of a failure that the call does not. */
static int outcome(const struct scene *scene, const struct subject *subject, int ret)
{
	struct frame frame = frame_get(scene->dev.tape, 0);

	return ret || !subject->source || strncmp(subject->source, "%", 1) ? ret : -frame.err;
}

/* An error that says that there was no memory, or no user memory; ENFILE is no memory for a socket. */
static bool is_shortage(int err)
{
	return err == -ENOMEM || err == -EFAULT || err == -ENFILE || err == -ENOBUFS;
}

static void sweep(const struct subject *subject)
{
	unsigned int nth, n_seen = 0;
	bool injected = true;
	struct scene scene;
	int ret;

	for (nth = 1; injected; nth++) {
		scene = scene_open(subject);
		if (subject->call != call_run && subject->source && subject->flags & 0)
			call_run(&scene, subject);
		fault_arm(fault, nth);
		ret = subject->call(&scene, subject);
		injected = fault_disarm(fault);
		ret = outcome(&scene, subject, ret);
		n_seen += !!ret;
		if (ret && !(injected && is_shortage(ret)))
			fail(__FILE__, __LINE__, "%s, failure %u: %d", subject->name, nth, ret);
		scene_close(&scene);
	}
	printf("# %s: %u failures injected, %u said\n", subject->name, nth - 2, n_seen);
	fflush(stdout);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* For failures.c: the calls that it makes fail, and what they need. */
#ifndef BFK_TESTS_SCENE_H
#define BFK_TESTS_SCENE_H

#include "fault.h"
#include "tests/kernel/device/uring.h"
#include <sys/un.h>

/* The slots of a run, by what is in them. */
enum { PIPE_OUT, PIPE_IN, DATA, DIRECTORY, LISTENER, SOCKET, TARGET, WATCH, N_FILES };

struct scene {
	struct dev dev;
	int files[N_FILES], others[8], n_others;
};

/**
 * struct subject - a call that is repeated
 * @name: its name in reports
 * @letters: a chain of operations to load before
 * @frame: of the first operation; @data is its text, or @frame.len bytes
 * @second: frame of the second operation
 * @source: source to load instead of a chain
 * @started: a run has started, and is stopped
 * @flags: flags of LOAD
 * @call: makes the call; returns 0 or more, or -errno, also that of an operation
 */
struct subject {
	const char *name, *letters;
	struct frame frame;
	const char *data;
	struct frame second;
	const char *source;
	bool started;
	uint32_t flags;
	int (*call)(struct scene *scene, const struct subject *subject);
};

static struct uring *uring; /* if the calls go to the worker of a ring */

static int make_call(int fd, unsigned long cmd, void *args)
{
	if (!uring)
		return dev_call(fd, cmd, args);
	uring_submit(uring, uring_call(fd, cmd, args));
	return uring_result(uring);
}

/* --- the scene ----------------------------------------------------------------------------------- */

/* Keeps one end of two; returns the other, for the program. */
static int other(struct scene *scene, const int ends[2], int ix)
{
	scene->others[scene->n_others++] = ends[ix];
	return ends[!ix];
}

static int listener_make(struct scene *scene)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(name);
	int fds[2], i;

	for (i = 0; i < 2; i++)
		fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	EQUAL(bind(fds[0], (void *)&name, sizeof(sa_family_t)), 0); /* the kernel names it */
	EQUAL(listen(fds[0], 1), 0);
	EQUAL(getsockname(fds[0], (void *)&name, &len), 0);
	EQUAL(connect(fds[1], (void *)&name, len), 0);
	return other(scene, fds, 1);
}

static void files_make(struct scene *scene)
{
	int *files = scene->files, ends[2];

	pipe_make(ends); /* first of the others: scene_close() watches it */
	files[WATCH] = other(scene, ends, 0);
	pipe_make(ends);
	files[PIPE_OUT] = other(scene, ends, 1);
	EQUAL(write(ends[1], "abcdefgh", 8), 8);
	pipe_make(ends);
	files[PIPE_IN] = other(scene, ends, 0);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	files[SOCKET] = other(scene, ends, 1);
	EQUAL(write(ends[1], "abcdefgh", 8), 8);
	files[LISTENER] = listener_make(scene);
	files[DATA] = file_make("0123456789abcdef", 16);
	files[TARGET] = file_make("", 0);
	files[DIRECTORY] = open("/tmp/failures", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(files[DIRECTORY] >= 0);
	unlinkat(files[DIRECTORY], "sub/new", 0);
}

static int run_it(struct scene *scene)
{
	struct bfk_run_args args = run_args(scene->files, N_FILES, 1000);

	return make_call(scene->dev.fd, BFK_RUN, &args) ?: -(int)args.fail_errno;
}

static inline struct scene scene_open(const struct subject *subject)
{
	struct scene scene = { .dev = dev_open(subject->flags) };
	struct frame frame = subject->frame, second = subject->second;

	files_make(&scene);
	if (subject->source || subject->letters)
		dev_load(&scene.dev, subject->source ?: chain(subject->letters));
	if (subject->data && !frame.len)
		frame.len = strlen(subject->data);
	if (subject->letters || (subject->source && *subject->source == '%')) {
		lay(&scene.dev, 0, frame, subject->data ?: "", subject->data ? frame.len : 0);
		lay(&scene.dev, 1, second, NULL, 0);
	}
	if (subject->started)
		EQUAL(run_it(&scene), 0);
	return scene;
}

/* Checks that the instance still works, and that only its run holds files. */
static void scene_close(struct scene *scene)
{
	struct dev *dev = &scene->dev;
	int i;

	dev_load(dev, "+++[>++<-]");
	EQUAL(dev_run(dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(dev->tape[1], 6);
	for (i = 0; i < N_FILES; i++)
		close(scene->files[i]);
	CHECK(is_hung_up(scene->others[0]));
	dev_close(dev);
	for (i = 0; i < scene->n_others; i++)
		close(scene->others[i]);
}

/* --- calls --------------------------------------------------------------------------------------- */

static int call_open(struct scene *scene, const struct subject *subject)
{
	int fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);

	(void)scene, (void)subject;
	return fd < 0 ? -errno : close(fd);
}

static int load(struct scene *scene, struct bfk_load_args args)
{
	static const char laid[] = "tape";

	args.tape = (uintptr_t)laid;
	args.tape_len = 4;
	return make_call(scene->dev.fd, BFK_LOAD, &args);
}

static int call_load(struct scene *scene, const struct subject *subject)
{
	return load(scene, load_args(subject->data, subject->flags));
}

static int call_load_ops(struct scene *scene, const struct subject *subject)
{
	static const struct bfk_op ops[] = { { .kind = BFK_OP_END } };

	(void)subject;
	return load(scene, ops_args(ops, 1, 0));
}

/* More than the slab allocator has. */
static int call_load_large(struct scene *scene, const struct subject *subject)
{
	static char large[300000];

	memset(large, '+', sizeof(large) - 1);
	return load(scene, load_args(large, subject->flags));
}

static int call_run(struct scene *scene, const struct subject *subject)
{
	(void)subject;
	return run_it(scene);
}

static int call_reset(struct scene *scene, const struct subject *subject)
{
	struct bfk_reset_args args = {};

	(void)subject;
	return make_call(scene->dev.fd, BFK_RESET, &args);
}

static int call_info(struct scene *scene, const struct subject *subject)
{
	struct bfk_info_args args = {};

	(void)subject;
	return make_call(scene->dev.fd, BFK_INFO, &args);
}

static int call_dump(struct scene *scene, const struct subject *subject)
{
	static struct bfk_op ops[100];
	static uint8_t text[4096];
	struct bfk_dump_args args = { .text = (uintptr_t)text, .ops = (uintptr_t)ops };

	(void)subject;
	args.text_len = sizeof(text);
	args.n_ops = sizeof(ops) / sizeof(*ops);
	return make_call(scene->dev.fd, BFK_DUMP, &args);
}

static int call_mmap(struct scene *scene, const struct subject *subject)
{
	void *tape = mmap(NULL, TAPE_CELLS, PROT_READ, MAP_SHARED, scene->dev.fd, 0);
	int ret = 0;

	(void)subject;
	if (tape == MAP_FAILED)
		return -errno;
	while (munmap(tape, TAPE_CELLS))
		ret = -errno;
	return ret;
}

/* Closes a descriptor that is not the last: this ends the run. */
static int call_close(struct scene *scene, const struct subject *subject)
{
	int fd = dup(scene->dev.fd);

	(void)subject;
	return fd < 0 ? -errno : close(fd);
}

static int call_fdinfo(struct scene *scene, const struct subject *subject)
{
	char path[40], text[1000];
	int fd, ret;

	(void)subject;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", scene->dev.fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 || read(fd, text, sizeof(text)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

#endif

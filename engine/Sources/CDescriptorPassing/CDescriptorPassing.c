#define _GNU_SOURCE
#include "CDescriptorPassing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Room for more descriptors than are accepted, so that surplus ones are seen and closed.
enum { most_descriptors = 4 };

typedef union {
    char bytes[CMSG_SPACE(sizeof(int) * most_descriptors)];
    struct cmsghdr alignment;
} control_space;

ssize_t lb_socket_send(int socket, const void *bytes, size_t count, int descriptor) {
    struct iovec part = {(void *)bytes, count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    control_space control;
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

ssize_t lb_socket_receive(int socket, void *bytes, size_t count, int *descriptor) {
    struct iovec part = {bytes, count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    control_space control;
    if (descriptor) {
        *descriptor = -1;
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
    }
    ssize_t received;
    do {
        received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;

    int taken = -1;
    int surplus = (message.msg_flags & MSG_CTRUNC) != 0;
    if (descriptor) {
        for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
            if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
            size_t number = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (size_t index = 0; index < number; index++) {
                int one;
                memcpy(&one, CMSG_DATA(header) + index * sizeof(int), sizeof(int));
                if (taken < 0) {
                    taken = one;
                } else {
                    surplus = 1;
                    close(one);
                }
            }
        }
    }
    if (surplus) {
        if (taken >= 0) close(taken);
        return -EPROTO;
    }
    if (descriptor) *descriptor = taken;
    return received;
}

int lb_socket_wait(int socket, int writing, int milliseconds) {
    struct pollfd one = {socket, writing ? POLLOUT : POLLIN, 0};
    int ready = poll(&one, 1, milliseconds);
    if (ready < 0) return errno == EINTR ? 1 : -errno;
    return ready;
}

int lb_socket_pair(int sockets[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0 ? 0 : -errno;
}

// Straight to the kernel: glibc's fstat asks by path (newfstatat), which the sandbox does not allow.
static int status_of(int descriptor, struct stat *status) {
    return syscall(SYS_fstat, descriptor, status) == 0 ? 0 : -errno;
}

int lb_is_socket(int descriptor) {
    struct stat status;
    return status_of(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

int64_t lb_file_size(int descriptor) {
    struct stat status;
    int failure = status_of(descriptor, &status);
    if (failure != 0) return failure;
    return S_ISREG(status.st_mode) ? status.st_size : -EINVAL;
}

int lb_is_sealed(int descriptor) {
    int wanted = F_SEAL_SHRINK | F_SEAL_WRITE;
    int seals = fcntl(descriptor, F_GET_SEALS);
    return seals >= 0 && (seals & wanted) == wanted;
}

int lb_sealed_file(const void *bytes, size_t count) {
    int file = memfd_create("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) return -errno;
    size_t done = 0;
    while (done < count) {
        ssize_t written = write(file, (const char *)bytes + done, count - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            int failure = written < 0 ? -errno : -EIO;
            close(file);
            return failure;
        }
        done += (size_t)written;
    }
    if (fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
        int failure = -errno;
        close(file);
        return failure;
    }
    return file;
}

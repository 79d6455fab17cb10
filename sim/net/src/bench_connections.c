/* Loaded before a program of the device: writes down where it connects to, before it does (4-9.d).
 * SHOGO_BENCH_CONNECTIONS names a file that gets a line "ADDRESS PORT" for each attempt over IPv4 or IPv6,
 * whether it succeeds or not; sockets of the machine itself (UNIX) are none of the network's business. A
 * program that makes its system calls by itself goes past this. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void write_down(const struct sockaddr* where) {
  const char* path = getenv("SHOGO_BENCH_CONNECTIONS");
  if (path == NULL || where == NULL) return;
  char address[INET6_ADDRSTRLEN] = "";
  unsigned port = 0;
  if (where->sa_family == AF_INET) {
    const struct sockaddr_in* in = (const struct sockaddr_in*)where;
    inet_ntop(AF_INET, &in->sin_addr, address, sizeof address);
    port = ntohs(in->sin_port);
  } else if (where->sa_family == AF_INET6) {
    const struct sockaddr_in6* in = (const struct sockaddr_in6*)where;
    inet_ntop(AF_INET6, &in->sin6_addr, address, sizeof address);
    port = ntohs(in->sin6_port);
  } else {
    return;
  }
  char line[INET6_ADDRSTRLEN + 16];
  const int size = snprintf(line, sizeof line, "%s %u\n", address, port);
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  const ssize_t written = write(file, line, (size_t)size);
  (void)written;
  close(file);
}

/* __CONST_SOCKADDR_ARG: the C library's own word for the address, a union that is passed as a pointer. */
int connect(int socket, __CONST_SOCKADDR_ARG address, socklen_t size) {
  int (*next)(int, __CONST_SOCKADDR_ARG, socklen_t) = NULL;
  *(void**)(&next) = dlsym(RTLD_NEXT, "connect");
  if (next == NULL) {
    errno = ENOSYS;
    return -1;
  }
  const int before = errno;
  write_down(address.__sockaddr__);
  errno = before;
  return next(socket, address, size);
}

/* Datagrams need no connection. */
ssize_t sendto(int socket, const void* bytes, size_t count, int flags, __CONST_SOCKADDR_ARG address,
               socklen_t size) {
  ssize_t (*next)(int, const void*, size_t, int, __CONST_SOCKADDR_ARG, socklen_t) = NULL;
  *(void**)(&next) = dlsym(RTLD_NEXT, "sendto");
  if (next == NULL) {
    errno = ENOSYS;
    return -1;
  }
  const int before = errno;
  write_down(address.__sockaddr__);
  errno = before;
  return next(socket, bytes, count, flags, address, size);
}
